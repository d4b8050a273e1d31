"""Agreement of maps with masks, the official evaluation and its data sets."""
