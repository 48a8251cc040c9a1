package dev.watermill.spring.health;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.spring.mill.Mills;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.core.NestedExceptionUtils;

/**
 * Shows how the mills are, all together the way the worst of them is: {@link Status#DOWN}
 * if it or one of its lanes failed, {@link Status#OUT_OF_SERVICE} while it waits for a
 * broker or stream, hangs, or falls behind, each for longer than it may, or another
 * instance has taken it over, {@link Status#UP} otherwise; a mill that completed, was
 * stopped on purpose, or stands by since other instances have its lanes, is well. The
 * details have an entry for each mill.
 *
 * @since 0.1.0
 */
public class MillsHealthIndicator implements HealthIndicator {

	private final Mills mills;

	private final MillThresholds thresholds;

	/**
	 * Create an indicator.
	 * @param mills the mills
	 * @param properties when a mill that is at work counts as unwell
	 */
	public MillsHealthIndicator(Mills mills, MillsHealthProperties properties) {
		this.mills = mills;
		this.thresholds = new MillThresholds(properties);
	}

	@Override
	public Health health() {
		Health.Builder health = Health.up();
		Status worst = Status.UP;
		for (Mill mill : this.mills.all()) {
			MillStatus status = mill.status();
			MillLiveness liveness = mill.liveness();
			String exceeded = this.thresholds.exceededBy(mill, liveness);
			worst = worse(worst, assess(status, exceeded));
			health.withDetail(mill.name(), details(mill, status, liveness, exceeded));
		}
		return health.status(worst).build();
	}

	private static Status assess(MillStatus status, @Nullable String exceeded) {
		if (status.state() == MillState.FAILED) {
			return Status.DOWN;
		}
		return (status.unavailable() != null || exceeded != null) ? Status.OUT_OF_SERVICE : Status.UP;
	}

	private static Status worse(Status one, Status other) {
		return (one.equals(Status.DOWN) || other.equals(Status.UP)) ? one : other;
	}

	private static Map<String, Object> details(Mill mill, MillStatus status, MillLiveness liveness,
			@Nullable String exceeded) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("state", status.state());
		details.put("since", status.since());
		putIfPresent(details, "detail", status.detail());
		if (liveness.activity() != MillLiveness.Activity.NONE) {
			details.put("activity", liveness.activity());
		}
		putIfPresent(details, "sinceProgress", liveness.sinceProgress());
		putIfPresent(details, "callAge", liveness.callAge());
		putIfPresent(details, "waitsFor", liveness.waitsFor());
		putIfPresent(details, "exceeded", exceeded);
		if (status.lanes().size() > 1) {
			details.put("lanes", lanes(status));
		}
		putIfPresent(details, "unavailable", status.unavailable());
		putIfPresent(details, "unavailableSince", status.unavailableSince());
		for (LaneStatus lane : mill.lanes()) {
			putIfPresent(details, "noMatch", lane.noMatch());
		}
		if (status.lastError() != null) {
			details.put("lastError", details(status.lastError()));
		}
		return details;
	}

	/**
	 * Count the lanes that are here, by what they are doing.
	 */
	private static Map<MillState, Integer> lanes(MillStatus status) {
		Map<MillState, Integer> lanes = new EnumMap<>(MillState.class);
		status.lanes().forEach((lane) -> lanes.merge(lane.phase().state(), 1, Integer::sum));
		return lanes;
	}

	private static Map<String, Object> details(MillStatus.Problem problem) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("message", problem.message());
		details.put("cause", NestedExceptionUtils.getMostSpecificCause(problem.cause()).toString());
		details.put("at", problem.at());
		return details;
	}

	private static void putIfPresent(Map<String, Object> details, String key, @Nullable Object value) {
		if (value != null) {
			details.put(key, value);
		}
	}

}
