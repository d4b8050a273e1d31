"""Every error that memlens raises on purpose; each message says what, where and what to do."""

from __future__ import annotations


class MemlensError(Exception):
    """Root of the tree: whatever memlens raises on purpose, except `Cancelled`."""


class ModelError(MemlensError):
    """A model cannot be found, read or used."""


class BaselineMismatch(ModelError):
    """A baseline differs from the target in architecture, latent shape or schedule."""


class PredictionTypeNeeded(ModelError):
    """A model in one file does not tell what its network predicts: the person has to."""


class MethodUnavailable(MemlensError):
    """A method cannot be offered by this model; the message gives the reason."""


class SettingsError(MemlensError, ValueError):
    """A value given by the caller is out of range (prompt, steps, probes, step, estimator, …)."""


class NumericalError(MemlensError):
    """The network produced NaN or infinity."""


class OutOfMemory(MemlensError):
    """The device ran out of memory, even with one probe per batch."""


class MaskError(MemlensError):
    """A mask cannot be read, written or used with this picture."""


class PictureError(MemlensError):
    """A picture cannot be read."""


class SessionError(MemlensError):
    """A session cannot be read or written."""


class JournalError(SessionError):
    """A journal of mask edits cannot be read."""


class ControlsError(MemlensError):
    """Controls cannot be found, read, written or resumed."""


class DatasetError(MemlensError):
    """A data set, manifest or folder of maps cannot be read."""


class OutputError(MemlensError):
    """A result cannot be written; nothing half-written is left behind."""


class Cancelled(Exception):
    """A long call was cancelled through its token; models and caches are as before."""
