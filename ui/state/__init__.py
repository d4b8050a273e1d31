"""What the person chose and what came back: intent, results, runs, settings. No Qt."""
