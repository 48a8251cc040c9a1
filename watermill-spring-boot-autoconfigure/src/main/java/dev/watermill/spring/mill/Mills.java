package dev.watermill.spring.mill;

import java.util.Collection;

import dev.watermill.Mill;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;

/**
 * The mills of an application, by which they are observed and steered. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Mills {

	/**
	 * Return all mills that an application context knows of.
	 * @param context the context
	 * @return its mills and those of its ancestors
	 */
	static Mills of(ApplicationContext context) {
		return MillHierarchy.of(context);
	}

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
