package dev.watermill;

import java.util.List;

import dev.watermill.join.ArrivalPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.key.internal.KeyMeter;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about the elements of an input as they arrive, while its mill is
 * built. Not thread-safe.
 */
final class ArrivalSettings {

	private ArrivalPolicy.@Nullable Reorder reorder;

	private @Nullable KeyFunction<?> stepBy;

	private @Nullable KeySpan step;

	void reorder(KeyFunction<?> by, KeySpan within, int maxSize) {
		if (maxSize < 1) {
			throw new IllegalArgumentException("max-reorder-size must be positive, but is " + maxSize);
		}
		this.reorder = new ArrivalPolicy.Reorder(by, within, maxSize);
	}

	void maxStep(@Nullable KeyFunction<?> by, KeySpan newStep) {
		this.stepBy = by;
		this.step = newStep;
	}

	/**
	 * Return what is to be done.
	 * @param stream the name of the stream
	 * @param keys the expressions on the stream
	 * @param maxBadRate which share of its elements may be bad
	 * @throws IllegalArgumentException if it can't be done with such keys
	 */
	ArrivalPolicy policy(String stream, List<KeyFunction<?>> keys, double maxBadRate) {
		if (this.reorder != null) {
			require("reorder", stream, this.reorder.by(), this.reorder.within());
		}
		return new ArrivalPolicy((this.step != null) ? maxStep(stream, keys, this.step) : null, this.reorder,
				maxBadRate);
	}

	private ArrivalPolicy.MaxStep maxStep(String stream, List<KeyFunction<?>> keys, KeySpan farthest) {
		KeyFunction<?> by = this.stepBy;
		if (by == null && keys.size() != 1) {
			List<String> names = keys.stream().map((key) -> "'" + key.description() + "'").toList();
			throw new IllegalArgumentException("max-step of the stream '" + stream + "' doesn't say of which key: "
					+ (names.isEmpty() ? "no key is on it" : "the keys " + String.join(", ", names) + " are on it")
					+ ". Set max-step: { by: ..., step: " + farthest + " }.");
		}
		ArrivalPolicy.MaxStep made = new ArrivalPolicy.MaxStep((by != null) ? by : keys.get(0), farthest);
		require("max-step", stream, made.by(), farthest);
		return made;
	}

	private static void require(String setting, String stream, KeyFunction<?> by, KeySpan distance) {
		try {
			KeyMeter.of(by, distance);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					setting + " of the stream '" + stream + "' can't be: the key " + ex.getMessage(), ex);
		}
	}

}
