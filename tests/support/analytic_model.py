"""A Gaussian mixture as a model: closed-form score and Hessian, speaking any prediction type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from memlens.models.denoiser import Condition, Prediction, prediction_of
from memlens.models.description import ModelDescription
from memlens.models.walk import FirstOrderWalk
from memlens.sampling.schedule import NoiseLevel, Schedule

SHAPE = (2, 3, 4)


@dataclass(frozen=True)
class Mixture:
    """Σ_k w_k N(μ_k, Σ_k) over flattened x₀, float64."""

    weights: Tensor
    means: Tensor
    covariances: Tensor

    @classmethod
    def random(
        cls,
        seed: int,
        *,
        components: int = 3,
        pinned: slice | None = None,
        of: tuple[int, int, int] = SHAPE,
    ) -> Mixture:
        """Draw one; the coordinates in `pinned` hardly vary, as if memorized."""
        size = int(np.prod(of))
        draw = torch.Generator().manual_seed(seed)
        shape = (components, size, size)
        factors = torch.randn(shape, generator=draw, dtype=torch.float64) / size**0.5
        if pinned is not None:
            factors[:, pinned] *= 0.05
        covariances = factors @ factors.mT + 1e-3 * torch.eye(size, dtype=torch.float64)
        means = torch.randn((components, size), generator=draw, dtype=torch.float64)
        return cls(
            torch.full((components,), 1 / components, dtype=torch.float64), means, covariances
        )

    def log_density(self, x: Tensor, level: NoiseLevel) -> Tensor:
        """Log p(x_t) of one flattened x."""
        eye = torch.eye(x.numel(), dtype=torch.float64)
        parts = torch.distributions.MultivariateNormal(
            level.alpha * self.means, level.alpha**2 * self.covariances + level.sigma**2 * eye
        )
        return torch.logsumexp(self.weights.log() + parts.log_prob(x), dim=0)

    def score_and_hessian(self, x: Tensor, level: NoiseLevel) -> tuple[Tensor, Tensor]:
        """Closed form: s = Σ r_k s_k, H = Σ r_k (s_k s_kᵀ − P_k) − s sᵀ."""
        eye = torch.eye(x.numel(), dtype=torch.float64)
        spread = level.alpha**2 * self.covariances + level.sigma**2 * eye
        precision = torch.linalg.inv(spread)
        offset = x - level.alpha * self.means
        scores = -torch.einsum("kij,kj->ki", precision, offset)
        log_parts = torch.distributions.MultivariateNormal(
            level.alpha * self.means, spread
        ).log_prob(x)
        share = torch.softmax(self.weights.log() + log_parts, dim=0)
        score = share @ scores
        outer = torch.einsum("ki,kj->kij", scores, scores) - precision
        return score, torch.einsum("k,kij->ij", share, outer) - torch.outer(score, score)


class AnalyticDenoiser:
    """ε̂ = −σ s, passed through the output that a network of `prediction_type` would give."""

    def __init__(
        self,
        target: Mixture,
        unconditional: Mixture,
        prediction_type: str,
        latent_shape: tuple[int, int, int] = SHAPE,
    ) -> None:
        self.mixtures = (unconditional, target)
        self.prediction_type = prediction_type
        self.latent_shape = latent_shape

    parameters = 0
    device = torch.device("cpu")
    dtype = torch.float64

    def in_float32(self) -> AnalyticDenoiser:
        return self

    def output(self, x: Tensor, level: NoiseLevel, eps: Tensor) -> Tensor:
        x0 = (x - level.sigma * eps) / level.alpha
        return {
            "epsilon": eps,
            "sample": x0,
            "v_prediction": level.alpha * eps - level.sigma * x0,
            "flow": eps - x0,
        }[self.prediction_type]

    def eps(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        return self.predict(x, level, condition).eps

    def predict(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Prediction:
        rows = []
        for row, which in zip(x, condition.embedding.flatten().tolist(), strict=True):
            score, _ = self.mixtures[int(which)].score_and_hessian(row.double().flatten(), level)
            rows.append((-level.sigma * score).reshape(self.latent_shape))
        output = self.output(x.double(), level, torch.stack(rows))
        said = prediction_of(output, x.double(), level, self.prediction_type)
        return Prediction(said.eps.to(x.dtype), said.x0.to(x.dtype))


class AnalyticModel:
    """The mixture with everything that `sample` and `localize` ask of a model."""

    def __init__(
        self,
        target: Mixture,
        unconditional: Mixture,
        prediction_type: str = "epsilon",
        latent_shape: tuple[int, int, int] = SHAPE,
    ) -> None:
        self.denoiser = AnalyticDenoiser(target, unconditional, prediction_type, latent_shape)
        self.description = ModelDescription(
            name="analytic",
            source="tests",
            fingerprint="0" * 12,
            family="GaussianMixture",
            prediction_type=prediction_type,
            latent_shape=latent_shape,
            picture_size=latent_shape[1:],
            train_timesteps=1000,
            prompt_tokens=1,
            parameters=0,
            device="cpu",
            dtype="float64",
        )

    def encode_prompt(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        return Condition(embedding=torch.full((1, 1, 1), float(bool(prompt))), end_of_text=0)

    def count_tokens(self, prompt: str) -> tuple[int, int]:
        return len(prompt.split()), 1

    def schedule(self, steps: int) -> Schedule:
        sigmas = np.linspace(0.95, 0.1, steps)
        if self.denoiser.prediction_type == "flow":
            return Schedule(tuple(NoiseLevel(float(s), float(1 - s), float(s)) for s in sigmas))
        return Schedule(
            tuple(NoiseLevel.variance_preserving(float(s), float(1 - s**2)) for s in sigmas)
        )

    def initial_latent(self, seed: int) -> Tensor:
        return torch.randn(
            (1, *self.denoiser.latent_shape), generator=torch.Generator().manual_seed(seed)
        )

    def walk(self, steps: int) -> FirstOrderWalk:
        schedule = self.schedule(steps)
        return FirstOrderWalk(schedule, [*schedule.levels[1:], NoiseLevel(0.0, 1.0, 0.0)])

    def sized(self, latent_size: tuple[int, int]) -> AnalyticModel:
        assert latent_size == SHAPE[1:]
        return self

    def unavailable(self, method: str) -> str:
        return "there is no attention here" if method == "bright-ending" else ""

    def token_texts(self, prompt: str) -> tuple[str, ...]:
        return (prompt,)

    def decode(self, latent: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        grey = latent[0].mean(dim=0).clamp(-1, 1).mul(127).add(128).to(torch.uint8).numpy()
        return np.repeat(grey[..., None], 3, axis=2)
