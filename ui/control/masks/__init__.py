"""What a person asks of the masks, and how they are kept until saved. No Qt."""
