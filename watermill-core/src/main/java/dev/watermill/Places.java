package dev.watermill;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.StreamSource;
import dev.watermill.engine.Output;
import dev.watermill.join.JoinNode;

/**
 * The places that the streams of a mill are bound to.
 */
final class Places {

	private final String mill;

	Places(String mill) {
		this.mill = mill;
	}

	/**
	 * Refuse what would spoil results, by whatever names one place is called: outputs
	 * that write over each other, and an input that the mill writes itself.
	 */
	void requireDistinct(List<JoinNode> nodes, List<Output> outputs) {
		Map<Object, Output> writers = new LinkedHashMap<>();
		for (Output output : outputs) {
			writers.forEach((place, other) -> {
				if (output.sink().writes(place)) {
					throw new StreamConflictException(
							"Two output streams of the mill '" + this.mill + "' are bound to one place, "
									+ onePlace(other.sink().location(), output.sink().location()) + ": '"
									+ other.stream() + "' and '" + output.stream() + "'.",
							other.stream(), output.stream());
				}
			});
			writers.put(output.sink().resource(), output);
		}
		for (JoinNode input : nodes) {
			writers.forEach((place, writer) -> {
				if (input.source().reads(place)) {
					throw new StreamConflictException(
							"The mill '" + this.mill + "' reads its own output: " + streams(input, writer)
									+ onePlace(input.source(), place, writer.sink().location()) + ".",
							input.stream(), writer.stream());
				}
			});
		}
	}

	private static String streams(JoinNode input, Output writer) {
		return input.stream().equals(writer.stream())
				? "it reads the stream '" + input.stream() + "' and writes it, in "
				: "its streams '" + input.stream() + "' and '" + writer.stream() + "' are both bound to ";
	}

	private static String onePlace(StreamSource<?> source, Object place, String other) {
		return source.resource().equals(place) ? onePlace(source.location(), other)
				: source.location() + ", of which " + other + " is one";
	}

	private static String onePlace(String location, String other) {
		return location.equals(other) ? location : location + ", which is the same as " + other;
	}

}
