package dev.watermill.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A processing function over deliveries.
 *
 * @param <R> what it returns
 * @since 0.1.0
 */
@FunctionalInterface
public interface DeliveryFunction<R> {

	/**
	 * Process one delivery.
	 * @param delivery what is delivered, valid during the call
	 * @return the answer
	 * @throws Exception if it can't be processed: the delivery is repeated
	 */
	@Nullable R process(Delivery delivery) throws Exception;

}
