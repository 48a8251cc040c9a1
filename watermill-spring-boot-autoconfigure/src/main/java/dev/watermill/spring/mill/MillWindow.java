package dev.watermill.spring.mill;

import java.time.Duration;
import java.util.List;

import dev.watermill.MillBuilder;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyKind;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidWindowException;
import dev.watermill.spring.naming.internal.NearestName;
import dev.watermill.spring.processor.internal.Processor;
import dev.watermill.spring.processor.internal.ProcessorWindow;
import dev.watermill.spring.properties.WindowProperties;
import dev.watermill.window.WindowFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.convert.DurationStyle;

/**
 * Gives a mill its windows.
 */
final class MillWindow {

	private static final Logger logger = LoggerFactory.getLogger(MillWindow.class);

	private final Processor processor;

	private final @Nullable WindowProperties settings;

	private final ListableBeanFactory beanFactory;

	private final String property;

	MillWindow(Processor processor, @Nullable WindowProperties settings, ListableBeanFactory beanFactory) {
		this.processor = processor;
		this.settings = (settings != null && (settings.getBy() != null || settings.getEvery() != null)) ? settings
				: null;
		this.beanFactory = beanFactory;
		this.property = "watermill.mills." + processor.mill() + ".window";
	}

	void addTo(MillBuilder builder) {
		ProcessorWindow annotated = this.processor.window();
		if (annotated == null) {
			if (this.settings != null) {
				throw refuse("has a window under " + this.property + ", but its function takes one element",
						"Make the first argument of " + this.processor.description() + " a List<"
								+ this.processor.master().elementClass().getSimpleName()
								+ ">, or remove the setting: settings change keys, never the kind of an argument.");
			}
			return;
		}
		ProcessorWindow window = (this.settings != null)
				? new ProcessorWindow(text(this.settings.getBy()), text(this.settings.getEvery()), "") : annotated;
		checkOne(window);
		if (!window.by().isEmpty()) {
			builder.windowBy(key(window.by()));
		}
		else if (!window.every().isEmpty()) {
			builder.windowEvery(every(window.every()));
		}
		else {
			builder.windowBy(function(window.function()));
		}
	}

	private static String text(@Nullable Object value) {
		return (value != null) ? value.toString().trim() : "";
	}

	/**
	 * Name the property or annotation that says how windows are cut.
	 */
	private String origin(String setting) {
		return (this.settings != null) ? this.property + "." + setting
				: "@WindowBy on the first argument of " + this.processor.description();
	}

	private void checkOne(ProcessorWindow window) {
		long ways = List.of(window.by(), window.every(), window.function())
			.stream()
			.filter((way) -> !way.isEmpty())
			.count();
		if (ways == 0) {
			throw refuse("takes a List as its first argument, but nothing says how windows are cut",
					"Put @WindowBy(\"...\") on the first argument of " + this.processor.description()
							+ ", with an expression or every = \"20s\", or set " + this.property + ".by or .every.");
		}
		if (ways > 1) {
			throw refuse("says in more than one way how windows are cut",
					(this.settings != null) ? "Keep one of " + this.property + ".by and .every."
							: "Choose an expression, every, or a function, in " + origin("by") + ".");
		}
	}

	private KeyFunction<Object> key(String expression) {
		KeyFunction<Object> key = new KeyExpression(expression, origin("by")).compile(this.processor.master().type(),
				"The window key of the mill '" + this.processor.mill() + "'");
		KeyKind kind = KeyKind.ofType(key.type());
		if (!kind.isOrdered()) {
			throw refuse("has the window key '" + expression + "', which is " + kind + " and has no order",
					"Choose a Comparable in " + origin("by") + ".");
		}
		if (key instanceof KeyFunction.OfDouble && !expression.contains("#floor")) {
			logger
				.warn("The mill '{}' has the floating-point window key '{}' (in {}): nearly every element is a window "
						+ "of its own, since a new value begins a new window. For windows of a size write "
						+ "#floorDiv(a, b) instead of a / b.", this.processor.mill(), expression, origin("by"));
		}
		return key;
	}

	private Duration every(String text) {
		if (this.processor.streams().size() > 1) {
			throw refuse(
					"joins streams, so its windows can't be cut by the clock (every): the same input would not "
							+ "give the same output",
					"Window by an expression instead of " + origin("every")
							+ ", or process the windows in a mill of its own.");
		}
		Duration every;
		try {
			every = DurationStyle.detectAndParse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidWindowException(
					"The mill '" + this.processor.mill() + "' has windows of '" + text + "', which is no duration.",
					"Write a number and a unit, such as 20s, in " + origin("every") + ".", ex);
		}
		if (every.isNegative() || every.isZero()) {
			throw refuse("has windows of " + text + ", which is not positive",
					"Choose a longer duration, such as 20s, in " + origin("every") + ".");
		}
		if (every.compareTo(MillBuilder.MAX_DURATION) > 0) {
			throw refuse("has windows of " + text + ", which is too long", "Choose a duration of at most "
					+ MillBuilder.MAX_DURATION.toDays() + "d in " + origin("every") + ".");
		}
		return every;
	}

	private WindowFunction<?> function(String name) {
		if (!this.beanFactory.containsBean(name) || !this.beanFactory.isTypeMatch(name, WindowFunction.class)) {
			List<String> known = List.of(this.beanFactory.getBeanNamesForType(WindowFunction.class));
			throw refuse("has the window function '" + name + "', but there is no WindowFunction bean of this name",
					NearestName.question(name, known) + "Define it, or correct @WindowBy.");
		}
		return this.beanFactory.getBean(name, WindowFunction.class);
	}

	private InvalidWindowException refuse(String problem, String action) {
		return new InvalidWindowException("The mill '" + this.processor.mill() + "' " + problem + ".", action);
	}

}
