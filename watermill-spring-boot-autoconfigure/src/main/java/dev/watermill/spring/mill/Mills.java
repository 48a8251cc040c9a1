package dev.watermill.spring.mill;

import java.util.Collection;

import dev.watermill.Mill;
import org.jspecify.annotations.Nullable;

/**
 * The mills of an application, by which they are observed and steered. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Mills {

	/**
	 * Return all mills.
	 * @return the mills, in the order of their names
	 */
	Collection<Mill> all();

	/**
	 * Return one mill.
	 * @param name its name
	 * @return the mill, {@code null} if there is none of this name
	 */
	@Nullable Mill get(String name);

}
