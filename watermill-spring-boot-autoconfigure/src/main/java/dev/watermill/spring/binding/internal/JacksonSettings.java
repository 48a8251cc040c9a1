package dev.watermill.spring.binding.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Settings of the application's mapper that the mappers of mills override. Whoever has
 * set one reads so in the log, since nothing else shows it.
 */
enum JacksonSettings {

	FLOAT_AS_INT("deserialization", "accept-float-as-int", null,
			"1.0 and 1e3 are read as whole numbers, and real fractions are refused for them"),

	UNKNOWN_PROPERTIES("deserialization", "fail-on-unknown-properties", true,
			"fields that an element's type does not have are passed over"),

	NULL_FOR_PRIMITIVES("deserialization", "fail-on-null-for-primitives", false,
			"an element whose field is missing or null is invalid where the field is a primitive"),

	TRAILING_TOKENS("deserialization", "fail-on-trailing-tokens", false, "a record or line is one element"),

	COERCION("mapper", "allow-coercion-of-scalars", true, "a text is not read as a number; keys can use #long(...)"),

	TIME_ZONE("datatype.datetime", "adjust-dates-to-context-time-zone", true,
			"times keep the offset they are written with");

	private static final Logger logger = LoggerFactory.getLogger(JacksonSettings.class);

	private final String group;

	private final String name;

	private final @Nullable Boolean value;

	private final String instead;

	JacksonSettings(String group, String name, @Nullable Boolean value, String instead) {
		this.group = group;
		this.name = name;
		this.value = value;
		this.instead = instead;
	}

	/**
	 * Say which settings of the user's mills don't follow.
	 * @param environment the environment
	 */
	static void warn(Environment environment) {
		Binder binder = Binder.get(environment);
		for (JacksonSettings setting : List.of(values())) {
			Map<String, String> group = binder
				.bind("spring.jackson." + setting.group, Bindable.mapOf(String.class, String.class))
				.orElse(Map.of());
			group.forEach((name, text) -> {
				if (uniform(name).equals(uniform(setting.name))
						&& (setting.value == null || setting.value.equals(Boolean.valueOf(text.trim())))) {
					logger.warn(
							"spring.jackson.{}.{}={} does not apply to the streams of mills: {}. A stream that "
									+ "needs it takes a deserializer of its own.",
							setting.group, name, text, setting.instead);
				}
			});
		}
	}

	private static String uniform(String name) {
		return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
	}

}
