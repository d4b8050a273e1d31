"""The main window, its menus, dialogs and what its actions do."""
