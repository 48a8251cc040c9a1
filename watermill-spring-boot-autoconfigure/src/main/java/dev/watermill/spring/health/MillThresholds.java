package dev.watermill.spring.health;

import java.time.Duration;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.engine.MillLiveness;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a mill that is at work is well, although nothing has failed.
 */
final class MillThresholds {

	private final MillsHealthProperties properties;

	MillThresholds(MillsHealthProperties properties) {
		this.properties = properties;
	}

	/**
	 * Say what is wrong with a mill.
	 * @return a text for people, {@code null} if nothing is
	 */
	@Nullable String exceededBy(Mill mill, MillLiveness liveness) {
		if (isOver(liveness.callAge(), this.properties.getCallThreshold())) {
			return "a call of its function takes " + text(liveness.callAge())
					+ already("call-threshold", text(this.properties.getCallThreshold()));
		}
		if (isOver(liveness.sinceProgress(), this.properties.getProgressThreshold())) {
			return "it has not got on for " + text(liveness.sinceProgress())
					+ already("progress-threshold", text(this.properties.getProgressThreshold()));
		}
		Long most = this.properties.getLagThreshold();
		if (most != null && liveness.sinceProgress() != null) {
			for (Map.Entry<String, Long> lag : mill.lags().entrySet()) {
				if (lag.getValue() > most) {
					return "'" + lag.getKey() + "' has " + lag.getValue() + " elements that it has yet to pass"
							+ already("lag-threshold", most);
				}
			}
		}
		return null;
	}

	private static boolean isOver(@Nullable Duration duration, Duration threshold) {
		return duration != null && !threshold.isZero() && duration.compareTo(threshold) > 0;
	}

	private static @Nullable String text(@Nullable Duration duration) {
		return (duration != null) ? duration.toSeconds() + " s" : null;
	}

	private static String already(String property, @Nullable Object threshold) {
		return ", more than " + threshold + " (" + MillsHealthProperties.PREFIX + "." + property + ")";
	}

}
