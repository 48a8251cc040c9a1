package dev.watermill.spring.mill;

import java.time.Duration;
import java.util.Locale;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StartFrom;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnsupportedPropertyException;
import dev.watermill.spring.processor.internal.Processor;
import dev.watermill.spring.properties.EndMark;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.PartitionBy;
import dev.watermill.spring.properties.RestartProperties;
import dev.watermill.spring.properties.RetryProperties;
import dev.watermill.spring.properties.StreamProperties;
import org.jspecify.annotations.Nullable;

/**
 * Refuses settings that make no sense, or ask for what does not exist yet.
 */
final class SettingsCheck {

	private final String prefix;

	private SettingsCheck(String prefix) {
		this.prefix = prefix + ".";
	}

	static void ofStream(String name, @Nullable StreamProperties stream) {
		if (stream != null) {
			new SettingsCheck("watermill.streams." + name).check(stream);
		}
	}

	static void ofMill(Processor processor, MillProperties mill) {
		SettingsCheck check = new SettingsCheck("watermill.mills." + processor.mill());
		check.check(mill);
		if (!processor.results().asynchronous()) {
			check.checkSynchronous(mill, processor.description());
		}
	}

	/**
	 * Refuse what has no effect on a function that answers at once.
	 */
	private void checkSynchronous(MillProperties mill, String function) {
		String reason = function + " returns no CompletionStage, so each delivery is over before the next";
		refuse("max-in-flight", mill.hasMaxInFlight(), reason, remove("max-in-flight"));
		refuse("delivery-timeout", mill.getDeliveryTimeout() != null, reason, remove("delivery-timeout"));
	}

	/**
	 * Refuse what has no effect on a mill whose inputs are over at their ends.
	 */
	static void ofBatch(Mill mill, MillProperties settings) {
		if (mill.tree().nodes().stream().allMatch((node) -> node.source().isBatch())) {
			new SettingsCheck("watermill.mills." + mill.name()).checkBatch(settings);
		}
	}

	private void checkBatch(MillProperties mill) {
		String start = mill.getStartFrom();
		refuse("start-from", start != null && !(StartFrom.parse(start) instanceof StartFrom.Earliest),
				"the mill reads no topic, and a file is read from its start", "Set it to earliest, or remove it.");
		refuse("data-timeout", mill.getDataTimeout() != null, "the mill reads no topic, and a file ends at its end",
				remove("data-timeout"));
		refuse("idle", mill.getIdle() != null, "the mill reads no topic, and a file ends at its end", remove("idle"));
	}

	private void checkStart(@Nullable String start) {
		if (start == null) {
			return;
		}
		try {
			StartFrom.parse(start);
		}
		catch (IllegalArgumentException ex) {
			throw invalid("start-from", "'" + start + "'",
					"earliest, latest, or an instant such as 2026-01-31T00:00:00Z, of the years from 1970 to 9999");
		}
	}

	private void check(StreamProperties stream) {
		atLeastOne("max-reorder-size", stream.getMaxReorderSize());
		checkPartitions(stream);
	}

	private void checkPartitions(StreamProperties stream) {
		if (stream.isMerge() && stream.isBroadcast()) {
			throw new InvalidPropertyException(
					"Both " + this.prefix + "merge and " + this.prefix
							+ "broadcast are true: what is broadcast has one partition, and nothing to merge.",
					"Remove one of them: merge where the topic has several partitions, broadcast where it has one.");
		}
		EndMark endMark = stream.getEndMark();
		if (stream.getPartitionBy() == PartitionBy.KEY && endMark != null && endMark != EndMark.NONE) {
			throw new InvalidPropertyException(
					"The property " + this.prefix + "end-mark is " + label(endMark) + ", but with " + this.prefix
							+ "partition-by=key no mark of the end is written: lanes share partitions, and end one by "
							+ "one.",
					"Remove " + this.prefix + "end-mark, or let each lane write its own partition with " + this.prefix
							+ "partition-by=lane.");
		}
	}

	private static String label(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	private void check(MillProperties mill) {
		checkStart(mill.getStartFrom());
		if (mill.getDataTimeout() != null) {
			positive("data-timeout", mill.getDataTimeout());
		}
		if (mill.getIdle() != null) {
			positive("idle", mill.getIdle());
		}
		if (mill.getDeliveryTimeout() != null) {
			positive("delivery-timeout", mill.getDeliveryTimeout());
		}
		positive("poll-timeout", mill.getPollTimeout());
		positive("commit-interval", mill.getCommitInterval());
		positive("hand-over-timeout", mill.getHandOverTimeout());
		atLeastOne("max-group-size", mill.getMaxGroupSize());
		atLeastOne("max-window-size", mill.getMaxWindowSize());
		atLeastOne("max-in-flight", mill.getMaxInFlight());
		atLeastOne("concurrency", mill.getConcurrency());
		Double badRate = mill.getMaxBadRate();
		if (badRate != null && !(badRate >= 0 && badRate <= 1)) {
			throw invalid("max-bad-rate", badRate, "a share from 0 to 1, such as 0.5");
		}
		check(mill.getRetry());
		check(mill.getRestart());
	}

	private void check(RestartProperties restart) {
		if (restart.getMaxRestarts() < 0) {
			throw invalid("restart.max-restarts", restart.getMaxRestarts(), "0, for no restart, or more");
		}
		positive("restart.delay", restart.getDelay());
		positive("restart.max-delay", restart.getMaxDelay());
		requireAtLeast("restart.max-delay", restart.getMaxDelay(), "restart.delay", restart.getDelay());
	}

	private void requireAtLeast(String property, Duration value, String least, Duration leastValue) {
		if (value.compareTo(leastValue) < 0) {
			throw new InvalidPropertyException(
					"The property " + this.prefix + property + " is " + value + ", which is less than " + this.prefix
							+ least + ", " + leastValue + ".",
					"Set " + this.prefix + property + " to at least that, or shorten " + this.prefix + least + ".");
		}
	}

	private void check(RetryProperties retry) {
		if (retry.getMaxRetries() < 0) {
			throw invalid("retry.max-retries", retry.getMaxRetries(), "0, for no retry, or more");
		}
		if (!(retry.getMultiplier() >= 1)) {
			throw invalid("retry.multiplier", retry.getMultiplier(), "at least 1");
		}
		notNegative("retry.delay", retry.getDelay());
		notNegative("retry.max-delay", retry.getMaxDelay());
		notNegative("retry.jitter", retry.getJitter());
		requireAtLeast("retry.max-delay", retry.getMaxDelay(), "retry.delay", retry.getDelay());
	}

	private String remove(String property) {
		return "Remove " + this.prefix + property + ".";
	}

	private void refuse(String property, boolean set, String reason, String action) {
		if (set) {
			throw new UnsupportedPropertyException(
					"The property " + this.prefix + property + " can't be used: " + reason + ".", action);
		}
	}

	private void positive(String property, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw invalid(property, value, "a positive duration, such as 1s");
		}
		notTooLong(property, value);
	}

	private void notNegative(String property, Duration value) {
		if (value.isNegative()) {
			throw invalid(property, value, "a duration that is not negative, such as 1s");
		}
		notTooLong(property, value);
	}

	private void notTooLong(String property, Duration value) {
		if (value.compareTo(MillBuilder.MAX_DURATION) > 0) {
			throw invalid(property, value, "a duration of at most " + MillBuilder.MAX_DURATION.toDays() + "d");
		}
	}

	private void atLeastOne(String property, int value) {
		if (value < 1) {
			throw invalid(property, value, "a number that is at least 1");
		}
	}

	private InvalidPropertyException invalid(String property, Object value, String expected) {
		return new InvalidPropertyException("The property " + this.prefix + property + " is " + value + ".",
				"Set it to " + expected + ".");
	}

}
