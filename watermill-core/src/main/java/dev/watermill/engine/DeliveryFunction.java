package dev.watermill.engine;

import dev.watermill.join.internal.Matches;
import org.jspecify.annotations.Nullable;

/**
 * The processing function as the engine calls it.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DeliveryFunction {

	/**
	 * Process one delivery.
	 * @param elements the master's element, or those of a window, with their matches;
	 * valid during the call only
	 * @param context what else is known of the delivery
	 * @return the result, of the declared {@link ResultShape}
	 * @throws Exception if it can't be processed
	 */
	@Nullable Object process(Matches elements, LaneContext context) throws Exception;

}
