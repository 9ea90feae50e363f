"""Metrics of a watcher for Prometheus and OpenTelemetry, both optional.

Names: ``alembic_guard_epoch``, ``alembic_guard_ready`` (0 or 1), ``alembic_guard_reloads``
and ``alembic_guard_held_checkouts``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtra

if TYPE_CHECKING:
    from .async_watcher import AsyncSchemaWatcher
    from .watcher import SchemaWatcher

    AnyWatcher = SchemaWatcher | AsyncSchemaWatcher


def readings(watcher: AnyWatcher) -> dict[str, tuple[str, float]]:
    """Each metric's description and present value; reading them costs nothing."""
    return {
        "alembic_guard_epoch": ("Newest ledger entry this process has loaded", watcher.epoch),
        "alembic_guard_ready": ("Whether requests should come in", float(watcher.is_ready)),
        "alembic_guard_reloads": ("How often models were reloaded", watcher.core.reloads),
        "alembic_guard_held_checkouts": (
            "How many checkouts a pause has held",
            watcher.core.gate.held,
        ),
    }


def register_prometheus(watcher: AnyWatcher, registry: Any = None) -> None:
    """Show the watcher's metrics in `registry`, the default one if not given."""
    try:
        from prometheus_client import REGISTRY
        from prometheus_client.core import GaugeMetricFamily
    except ImportError as error:
        raise MissingExtra("prometheus-client", "telemetry", "metrics for Prometheus") from error

    class Collector:
        def collect(self) -> Iterator[Any]:
            for name, (description, value) in readings(watcher).items():
                yield GaugeMetricFamily(name, description, value=value)

    (registry if registry is not None else REGISTRY).register(Collector())


def register_opentelemetry(watcher: AnyWatcher, meter: Any = None) -> None:
    """Observe the watcher's metrics through `meter`, one of the global provider if not given."""
    try:
        from opentelemetry import metrics
    except ImportError as error:
        raise MissingExtra("opentelemetry-api", "telemetry", "metrics for OpenTelemetry") from error
    meter = meter if meter is not None else metrics.get_meter("alembic_guard")

    def observed(name: str) -> Callable[[Any], Iterable[Any]]:
        return lambda options: [metrics.Observation(readings(watcher)[name][1])]

    for name, (description, _) in readings(watcher).items():
        meter.create_observable_gauge(name, callbacks=[observed(name)], description=description)
