package dev.watermill.spring.properties.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.watermill.spring.diagnostics.MillConfigurationException.UnknownPropertyException;
import dev.watermill.spring.naming.internal.NearestName;
import dev.watermill.spring.properties.WaterMillProperties;
import dev.watermill.spring.properties.WindowProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Remembers which properties were asked for while the settings were bound: those that are
 * set and that nobody asked for do not exist.
 */
final class UnknownPropertyBindHandler extends AbstractBindHandler {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("watermill");

	private static final ConfigurationPropertyName STREAMS = ROOT.append("streams");

	private static final ConfigurationPropertyName MILLS = ROOT.append("mills");

	private final Set<ConfigurationPropertyName> asked = new HashSet<>();

	private final UnusedVariables variables = new UnusedVariables();

	private final UnboundElementsSourceFilter filter = new UnboundElementsSourceFilter();

	private final Supplier<Set<ConfigurationPropertyName>> trees;

	private final BooleanSupplier part;

	/**
	 * Create a handler.
	 * @param parent the handler behind it
	 * @param trees what all settings of the application are under; those of another
	 * module are its own affair
	 * @param part whether this is a part of the application only, that knows nothing of
	 * other modules
	 */
	UnknownPropertyBindHandler(BindHandler parent, Supplier<Set<ConfigurationPropertyName>> trees,
			BooleanSupplier part) {
		super(parent);
		this.trees = trees;
		this.part = part;
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		this.asked.add(name);
		this.variables.asked(name);
		if (context.getDepth() == 0 && target.getType().resolve() == WaterMillProperties.class) {
			new LostLetters().check(context.getSources());
		}
		return isByChance(name, context) ? null : super.onStart(name, target, context);
	}

	@Override
	public void onFinish(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			@Nullable Object result) throws Exception {
		super.onFinish(name, target, context, result);
		if (context.getDepth() == 0 && (ROOT.equals(name) || ROOT.isAncestorOf(name))) {
			check(name, context);
		}
		if (context.getDepth() == 0 && target.getType().resolve() == WaterMillProperties.class) {
			new DuplicateSettings(name.append("streams")).check(context.getSources());
			if (!this.part.getAsBoolean()) {
				this.variables.warn(context.getSources());
			}
			if (result instanceof WaterMillProperties properties) {
				chooseWindows(properties, new Alternatives(context.getSources()));
			}
		}
	}

	private static void chooseWindows(WaterMillProperties properties, Alternatives alternatives) {
		properties.getMills().forEach((name, mill) -> {
			WindowProperties window = mill.getWindow();
			if (window != null) {
				WindowChoice.choose(window, (ways) -> alternatives.highest(MILLS.toString(), name, "window", ways));
			}
		});
	}

	/**
	 * Whether a value stands where only settings can stand below, and in the environment
	 * alone: Kubernetes puts {@code WATERMILL_MILLS_PORT} there for a service of the name
	 * {@code watermill-mills}.
	 */
	private static boolean isByChance(ConfigurationPropertyName name, BindContext context) {
		if (!STREAMS.isParentOf(name) && !MILLS.isParentOf(name)) {
			return false;
		}
		boolean found = false;
		for (ConfigurationPropertySource source : context.getSources()) {
			boolean isValue = source.getConfigurationProperty(name) != null;
			if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource) {
				found |= isValue;
			}
			else if (isValue || source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return false;
			}
		}
		return found;
	}

	private void check(ConfigurationPropertyName root, BindContext context) {
		List<ConfigurationPropertyName> others = this.trees.get().stream().filter(root::isAncestorOf).toList();
		Map<ConfigurationPropertyName, ConfigurationProperty> unknown = new TreeMap<>();
		for (ConfigurationPropertySource source : context.getSources()) {
			if (source instanceof IterableConfigurationPropertySource iterable && isChecked(source)) {
				iterable
					.filter((name) -> root.isAncestorOf(name) && !this.asked.contains(name) && !isOfOthers(name)
							&& others.stream().noneMatch((other) -> other.equals(name) || other.isAncestorOf(name)))
					.forEach((name) -> unknown.putIfAbsent(name, source.getConfigurationProperty(name)));
			}
		}
		if (!unknown.isEmpty()) {
			throw new UnknownPropertyException(String.join(" ",
					unknown.entrySet().stream().map((entry) -> describe(entry.getKey(), entry.getValue())).toList()),
					String.join(" ", unknown.keySet().stream().map(this::advise).toList()));
		}
	}

	/**
	 * Whether a setting may be one of a module that is not there.
	 */
	private boolean isOfOthers(ConfigurationPropertyName name) {
		return name.getNumberOfElements() > 2 && !this.asked.contains(name.chop(2)) && this.part.getAsBoolean();
	}

	/**
	 * Whether a source has nothing by chance. System properties have not, under this
	 * root, while a container may put variables of its own into the environment.
	 */
	private boolean isChecked(ConfigurationPropertySource source) {
		if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource) {
			return false;
		}
		return this.filter.apply(source) || source.getUnderlyingSource() instanceof PropertiesPropertySource properties
				&& properties.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
	}

	private static String describe(ConfigurationPropertyName name, @Nullable ConfigurationProperty property) {
		return "There is no property " + name + origin(property) + ".";
	}

	private static String origin(@Nullable ConfigurationProperty property) {
		return (property != null && property.getOrigin() != null) ? " (" + property.getOrigin() + ")" : "";
	}

	private String advise(ConfigurationPropertyName name) {
		ConfigurationPropertyName unknown = firstUnknown(name);
		List<String> siblings = this.asked.stream()
			.filter(unknown.getParent()::isParentOf)
			.map((known) -> known.getLastElement(Form.DASHED))
			.sorted()
			.toList();
		if (isKindOfJoin(unknown)) {
			return "Settings change keys, and the signature the kind of a join: say it there, with @AsOf, @Within or "
					+ "@JoinOn on the argument, and remove " + name + ".";
		}
		String brackets = brackets(name, unknown, siblings);
		return brackets.isEmpty() ? NearestName.question(unknown.getLastElement(Form.DASHED), siblings)
				+ "Correct or remove " + name + "." : brackets;
	}

	/**
	 * Whether it is what only the annotations of a join have.
	 */
	private static boolean isKindOfJoin(ConfigurationPropertyName name) {
		ConfigurationPropertyName joins = name.getParent().getParent();
		return MILLS.isAncestorOf(joins) && joins.getLastElement(Form.UNIFORM).equals("joins")
				&& Set.of("asof", "within", "direction", "exact", "optional")
					.contains(name.getLastElement(Form.UNIFORM));
	}

	/**
	 * Say how a name of the user's own is written that has dots: the binder takes the
	 * first part for the name, and the rest for a setting.
	 */
	private static String brackets(ConfigurationPropertyName name, ConfigurationPropertyName unknown,
			List<String> siblings) {
		ConfigurationPropertyName above = unknown.getParent().getParent();
		boolean own = STREAMS.equals(above) || MILLS.equals(above)
				|| (MILLS.isAncestorOf(above) && above.getLastElement(Form.UNIFORM).equals("joins"));
		int first = above.getNumberOfElements();
		for (int end = first + 2; own && end < name.getNumberOfElements(); end++) {
			if (siblings.contains(name.getElement(end, Form.DASHED))) {
				List<String> elements = new ArrayList<>();
				for (int i = first; i < end; i++) {
					elements.add(name.getElement(i, Form.ORIGINAL));
				}
				String whole = String.join(".", elements);
				return "If '" + whole + "' is a name, write it in brackets: " + above + "[" + whole + "]."
						+ name.subName(end) + " (in YAML \"[" + whole + "]\":). Otherwise correct or remove " + name
						+ ".";
			}
		}
		return "";
	}

	/**
	 * Return the part of a name up to the first element that nobody asked for.
	 */
	private ConfigurationPropertyName firstUnknown(ConfigurationPropertyName name) {
		int size = 2;
		while (size < name.getNumberOfElements() && this.asked.contains(name.chop(size))) {
			size++;
		}
		return name.chop(size);
	}

}
