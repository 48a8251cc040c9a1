package dev.watermill.window;

import org.jspecify.annotations.Nullable;

/**
 * A window function of the user's own. A window is a run of consecutive elements for
 * which it gives equal answers.
 * <p>
 * It is also asked with {@code null}, when nothing came within the poll time-out while a
 * window is open; an answer different from the window's closes it. So a function that
 * answers by the clock can close a window although nothing arrives. Called by the mill's
 * thread.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
@FunctionalInterface
public interface WindowFunction<T> {

	/**
	 * Tell which window an element belongs to.
	 * @param element an element, or {@code null} if nothing came
	 * @return something that is equal for all elements of one window
	 */
	@Nullable Object windowOf(@Nullable T element);

}
