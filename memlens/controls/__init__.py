"""What ordinary pictures show, and verdicts against it (design, section 15).

Only the files that sample controls import torch.
"""
