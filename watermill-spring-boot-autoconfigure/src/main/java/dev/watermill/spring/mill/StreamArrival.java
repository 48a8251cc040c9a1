package dev.watermill.spring.mill;

import dev.watermill.delivery.Input;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.key.internal.KeyMeter;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import dev.watermill.spring.processor.internal.ProcessorStream;
import dev.watermill.spring.properties.MaxStepProperties;
import dev.watermill.spring.properties.ReorderProperties;
import dev.watermill.spring.properties.StreamProperties;
import org.jspecify.annotations.Nullable;

/**
 * Says what is done about the elements of a stream as they arrive.
 */
final class StreamArrival {

	private final String mill;

	private final ProcessorStream stream;

	private final String prefix;

	StreamArrival(String mill, ProcessorStream stream) {
		this.mill = mill;
		this.stream = stream;
		this.prefix = "watermill.streams." + stream.name() + ".";
	}

	void addTo(Input<?> input, StreamProperties settings) {
		ReorderProperties reorder = settings.getReorder();
		if (reorder != null) {
			reorder(input, reorder, settings.getMaxReorderSize());
		}
		MaxStepProperties maxStep = settings.getMaxStep();
		if (maxStep != null) {
			maxStep(input, maxStep);
		}
	}

	private void reorder(Input<?> input, ReorderProperties settings, int maxSize) {
		String by = settings.getBy();
		String within = settings.getWithin();
		if (by == null && within == null) {
			return;
		}
		if (by == null || within == null) {
			throw missing("reorder", (by != null) ? "within" : "by",
					(by != null) ? "by how much keys may go back" : "in the order of which key");
		}
		KeyFunction<?> key = key(by, "reorder.by");
		input.reorder(key, distance(within, key, "reorder.within"), maxSize);
	}

	private void maxStep(Input<?> input, MaxStepProperties settings) {
		String by = settings.getBy();
		String step = settings.getStep();
		if (step == null) {
			if (by != null) {
				throw missing("max-step", "step", "how far ahead keys may be");
			}
			return;
		}
		if (by == null) {
			input.maxStep(distance(step, null, "max-step"));
			return;
		}
		KeyFunction<?> key = key(by, "max-step.by");
		input.maxStep(key, distance(step, key, "max-step.step"));
	}

	private KeyFunction<Object> key(String expression, String property) {
		return new KeyExpression(expression, this.prefix + property).compile(this.stream.type(),
				"The key of " + this.prefix + property + " in the mill '" + this.mill + "'");
	}

	private KeySpan distance(String text, @Nullable KeyFunction<?> key, String property) {
		KeySpan distance = parse(text, property);
		if (key != null) {
			try {
				KeyMeter.of(key, distance);
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidPropertyException(
						"The property " + this.prefix + property + " is " + text
								+ ", which does not suit its key in the mill '" + this.mill + "': " + ex.getMessage(),
						"Correct " + this.prefix + property + ", or the key.");
			}
		}
		return distance;
	}

	private KeySpan parse(String text, String property) {
		try {
			return DistanceText.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(text, property);
		}
	}

	private InvalidPropertyException invalid(String text, String property) {
		return new InvalidPropertyException("The property " + this.prefix + property + " is " + text + ".",
				"Set it to a number that is not negative, in the units of the key, or to a duration such as 30s.");
	}

	private InvalidPropertyException missing(String setting, String missing, String what) {
		return new InvalidPropertyException(
				"The property " + this.prefix + setting + " has no '" + missing + "': nothing says " + what + ".",
				"Set " + this.prefix + setting + "." + missing + ", or remove " + this.prefix + setting + ".");
	}

}
