package dev.watermill.spring.processor.internal;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.delivery.Input;
import org.jspecify.annotations.Nullable;

/**
 * A processing function and what its signature asks for.
 *
 * @param mill the name of its mill
 * @param description the method, in the words of its author
 * @param streams the streams it reads: the master first, every parent before its children
 * @param window how its annotation cuts windows, {@code null} if the function asks for
 * none
 * @param results what it returns
 * @param function makes the function, once there are inputs of a mill for the
 * {@code streams}, in the same order
 * @param beans the names of the beans it is known to use: its own, and those of its
 * arguments
 * @since 0.1.0
 */
public record Processor(String mill, String description, List<ProcessorStream> streams,
		@Nullable ProcessorWindow window, ProcessorResults results,
		Function<List<Input<?>>, DeliveryFunction<?>> function, Set<String> beans) {

	/**
	 * Create a processor.
	 */
	public Processor {
		streams = List.copyOf(streams);
		beans = Set.copyOf(beans);
	}

	/**
	 * Return the master.
	 * @return the first of the streams
	 */
	public ProcessorStream master() {
		return this.streams.get(0);
	}

}
