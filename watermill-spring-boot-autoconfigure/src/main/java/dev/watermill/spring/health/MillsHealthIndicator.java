package dev.watermill.spring.health;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.spring.mill.Mills;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.core.NestedExceptionUtils;

/**
 * Tells how the mills are, all together the way the worst of them is: {@link Status#DOWN}
 * if it failed, {@link Status#OUT_OF_SERVICE} while it waits for a broker or stream or
 * another instance has taken it over, {@link Status#UP} otherwise; a mill that completed
 * or was stopped on purpose is well. The details have an entry for each mill.
 *
 * @since 0.1.0
 */
public class MillsHealthIndicator implements HealthIndicator {

	private final Mills mills;

	/**
	 * Create an indicator.
	 * @param mills the mills
	 */
	public MillsHealthIndicator(Mills mills) {
		this.mills = mills;
	}

	@Override
	public Health health() {
		Health.Builder health = Health.up();
		Status worst = Status.UP;
		for (Mill mill : this.mills.all()) {
			MillStatus status = mill.status();
			worst = worse(worst, assess(mill, status));
			health.withDetail(mill.name(), details(mill, status));
		}
		return health.status(worst).build();
	}

	private Status assess(Mill mill, MillStatus status) {
		if (status.state() == MillState.FAILED) {
			return Status.DOWN;
		}
		boolean takenOver = status.state() == MillState.STOPPED && !this.mills.isStoppedOnPurpose(mill);
		return (takenOver || status.unavailable() != null) ? Status.OUT_OF_SERVICE : Status.UP;
	}

	private static Status worse(Status one, Status other) {
		return (one.equals(Status.DOWN) || other.equals(Status.UP)) ? one : other;
	}

	private static Map<String, Object> details(Mill mill, MillStatus status) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("state", status.state());
		details.put("since", status.since());
		putIfPresent(details, "detail", status.detail());
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
