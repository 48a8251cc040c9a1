package dev.watermill.spring.mill.internal;

import java.util.List;

import dev.watermill.Mill;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.binding.internal.StreamPlacement;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Makes the mills of an application once more, beside those that it runs, for tests that
 * throw them away again. They belong to whoever asked for them: the application does not
 * know of them, and does not stop them.
 *
 * @since 0.1.0
 */
public interface MillWorkshop {

	/**
	 * Make mills.
	 * @param beans where their processors are, and what those ask for
	 * @param placement where all streams live
	 * @param last changes each mill, after all other customizers
	 * @return the mills, in the order of their names, not started
	 */
	List<Mill> make(ConfigurableListableBeanFactory beans, StreamPlacement placement, MillCustomizer last);

}
