package dev.watermill.spring.processor.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import org.jspecify.annotations.Nullable;

/**
 * Takes an argument of a processing function from a delivery.
 */
@FunctionalInterface
interface ArgumentReader {

	/**
	 * Read the argument.
	 * @param delivery what is delivered
	 * @return the argument
	 */
	@Nullable Object read(Delivery delivery);

	/**
	 * Read what belongs to the master.
	 */
	static ArgumentReader master(StreamArgument.Form form, Input<?> master) {
		return (form == StreamArgument.Form.LIST) ? (delivery) -> delivery.window(master)
				: (delivery) -> delivery.get(master);
	}

	/**
	 * Read what belongs to a joined stream, or to several that are joined alike.
	 */
	@SuppressWarnings("unchecked")
	static ArgumentReader joined(StreamArgument.Form form, List<Input<?>> inputs) {
		Input<?> input = inputs.get(0);
		return switch (form) {
			case ELEMENT -> match((JoinFirst<?, ?>) input);
			case LIST -> matches((JoinMany<?, ?>) input);
			case MAP -> first((JoinFirst<Object, Object>) input);
			case OPTIONAL -> optional((JoinOptional<?, ?>) input);
			case MAP_OF_OPTIONALS -> optionals((JoinOptional<Object, Object>) input);
			case MAP_OF_LISTS -> (inputs.size() == 1) ? many((JoinMany<Object, Object>) input)
					: concatenated((List<JoinMany<Object, Object>>) (List<?>) inputs);
		};
	}

	private static ArgumentReader match(JoinFirst<?, ?> input) {
		return (delivery) -> delivery.match(input);
	}

	private static ArgumentReader matches(JoinMany<?, ?> input) {
		return (delivery) -> delivery.matches(input);
	}

	private static ArgumentReader optional(JoinOptional<?, ?> input) {
		return (delivery) -> delivery.match(input);
	}

	private static ArgumentReader optionals(JoinOptional<Object, Object> input) {
		return (delivery) -> delivery.get(input);
	}

	private static ArgumentReader first(JoinFirst<Object, Object> input) {
		return (delivery) -> delivery.get(input);
	}

	private static ArgumentReader many(JoinMany<Object, Object> input) {
		return (delivery) -> delivery.get(input);
	}

	private static ArgumentReader concatenated(List<JoinMany<Object, Object>> inputs) {
		return (delivery) -> {
			Map<Object, List<Object>> all = new LinkedHashMap<>();
			for (JoinMany<Object, Object> input : inputs) {
				delivery.get(input)
					.forEach((parent, matches) -> all.computeIfAbsent(parent, (key) -> new ArrayList<>())
						.addAll(matches));
			}
			all.replaceAll((parent, matches) -> Collections.unmodifiableList(matches));
			return Collections.unmodifiableMap(all);
		};
	}

}
