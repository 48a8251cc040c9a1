package dev.watermill.spring.mill;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.watermill.MillBuilder;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
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
import org.springframework.util.StringUtils;

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
		this.settings = settings;
		this.beanFactory = beanFactory;
		this.property = "watermill.mills." + processor.mill() + ".window";
	}

	void addTo(MillBuilder builder) {
		ProcessorWindow annotated = this.processor.window();
		if (annotated == null) {
			if (isSet()) {
				throw refuse("has a window under " + this.property + ", but its function takes one element",
						"Make the first argument of " + this.processor.description() + " a List<"
								+ this.processor.master().elementClass().getSimpleName()
								+ ">, or remove the setting: settings change keys, never the kind of an argument.");
			}
			return;
		}
		ProcessorWindow window = configured(annotated);
		checkOne(window);
		if (!window.count().isEmpty()) {
			builder.windowCount(count(window.count()));
		}
		else if (!window.every().isEmpty()) {
			builder.windowEvery(every(window.every()));
		}
		else if (!window.function().isEmpty()) {
			builder.windowBy(function(window.function()));
		}
		else {
			byKey(window, builder);
		}
	}

	private boolean isSet() {
		return this.settings != null
				&& (namesWay(this.settings) || this.settings.getSize() != null || this.settings.getStep() != null
						|| this.settings.getOffset() != null || this.settings.getGap() != null);
	}

	private static boolean namesWay(WindowProperties settings) {
		return settings.getBy() != null || settings.getEvery() != null || settings.getCount() != null;
	}

	/**
	 * What settings name goes before the annotation: another way to cut windows replaces
	 * all of it.
	 */
	private ProcessorWindow configured(ProcessorWindow annotated) {
		WindowProperties set = this.settings;
		if (set == null) {
			return annotated;
		}
		ProcessorWindow from = namesWay(set) ? ProcessorWindow.NONE : annotated;
		return new ProcessorWindow(text(set.getBy(), from.by()), text(set.getSize(), from.size()),
				text(set.getStep(), from.step()), text(set.getOffset(), from.offset()), text(set.getGap(), from.gap()),
				text(set.getCount(), from.count()), text(set.getEvery(), from.every()), from.function());
	}

	private static String text(@Nullable Object value, String otherwise) {
		return (value != null) ? value.toString().trim() : otherwise;
	}

	/**
	 * Name the property or annotation that says how windows are cut.
	 */
	private String origin(String setting) {
		return isConfigured() ? this.property + "." + setting : place();
	}

	private String place() {
		return isConfigured() ? this.property : "@WindowBy on the first argument of " + this.processor.description();
	}

	private boolean isConfigured() {
		return this.settings != null && namesWay(this.settings);
	}

	/**
	 * Name the property or annotation that says how far something is.
	 */
	private String origin(String setting, @Nullable String configured) {
		return (configured != null) ? this.property + "." + setting : origin(setting);
	}

	private void checkOne(ProcessorWindow window) {
		long ways = Stream.of(window.by(), window.every(), window.function(), window.count())
			.filter((way) -> !way.isEmpty())
			.count();
		boolean sized = !(window.size() + window.step() + window.offset()).isEmpty();
		if (ways == 0) {
			String found = (sized || !window.gap().isEmpty())
					? "has windows of a size, or sessions, but no key for them"
					: "takes a List as its first argument, but nothing says how windows are cut";
			throw refuse(found,
					"Put @WindowBy(\"...\") on the first argument of " + this.processor.description()
							+ ", with an expression, count = 100 or every = \"20s\", or set " + this.property
							+ ".by, .count or .every.");
		}
		if (ways > 1 || (sized && !window.gap().isEmpty())) {
			throw refuse("says in more than one way how windows are cut",
					(this.settings != null && namesWay(this.settings))
							? "Keep one of " + this.property + ".by, .count and .every, and one of .size and .gap."
							: "Choose an expression, count, every, or a function, and size or gap, in " + origin("by")
									+ ".");
		}
		if (window.by().isEmpty() && (sized || !window.gap().isEmpty())) {
			throw refuse("has windows that are not cut by a key, so they have no size, step, offset or gap",
					"Give the key, or remove these, in " + origin("by") + ".");
		}
		if (window.size().isEmpty() && sized) {
			throw refuse("has a step or an offset of windows, but no size", "Give the size in " + origin("size") + ".");
		}
	}

	private void byKey(ProcessorWindow window, MillBuilder builder) {
		boolean bySize = !window.size().isEmpty();
		KeyFunction<Object> key = key(window.by(), bySize || !window.gap().isEmpty());
		WindowProperties set = (this.settings != null) ? this.settings : new WindowProperties();
		try {
			if (bySize) {
				KeySpan size = span("size", window.size(), set.getSize());
				KeySpan step = window.step().isEmpty() ? size : span("step", window.step(), set.getStep());
				checkPositive("size", size, set.getSize());
				checkPositive("step", step, set.getStep());
				builder.windowBy(key, size, step,
						window.offset().isEmpty() ? KeySpan.ZERO : span("offset", window.offset(), set.getOffset()));
			}
			else if (!window.gap().isEmpty()) {
				builder.sessionsBy(key, span("gap", window.gap(), set.getGap()));
			}
			else {
				builder.windowBy(key);
			}
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidWindowException(
					"The mill '" + this.processor.mill() + "' has windows that can't be: "
							+ StringUtils.trimTrailingCharacter(String.valueOf(ex.getMessage()), '.') + ".",
					"Correct the key, or the distances, in " + place() + ".", ex);
		}
	}

	private void checkPositive(String setting, KeySpan span, @Nullable String configured) {
		if (span.equals(KeySpan.ZERO)) {
			throw refuse("has windows of the " + setting + " 0, which is not positive",
					"Choose a greater one in " + origin(setting, configured) + ".");
		}
	}

	private KeySpan span(String setting, String text, @Nullable String configured) {
		try {
			return DistanceText.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidWindowException(
					"The mill '" + this.processor.mill() + "' has windows of the " + setting + " " + text
							+ ", which is no distance between keys.",
					"Write a number that is not negative, in the unit of the keys, or a duration such as 5m, in "
							+ origin(setting, configured) + ".",
					ex);
		}
	}

	private int count(String text) {
		int count = Integer.parseInt(text);
		if (count < 1) {
			throw refuse("has windows of " + count + " elements",
					"Choose a positive number in " + origin("count") + ".");
		}
		return count;
	}

	private KeyFunction<Object> key(String expression, boolean measured) {
		KeyFunction<Object> key = new KeyExpression(expression, origin("by")).compile(this.processor.master().type(),
				"The window key of the mill '" + this.processor.mill() + "'");
		KeyKind kind = KeyKind.ofType(key.type());
		if (!kind.isOrdered()) {
			throw refuse("has the window key '" + expression + "', which is " + kind + " and has no order",
					"Choose a Comparable in " + origin("by") + ".");
		}
		if (!measured && key instanceof KeyFunction.OfDouble && !expression.contains("#floor")) {
			logger
				.warn("The mill '{}' has the floating-point window key '{}' (in {}): nearly every element is a window "
						+ "of its own, since a new value begins a new window. Give windows a size, or write "
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
