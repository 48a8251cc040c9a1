package dev.watermill.spring.properties.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.watermill.spring.naming.internal.NearestName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Warns of variables of the environment that are meant as settings and are none, such as
 * {@code WATERMILL_STREAMS_ROBOT_LOCATION_FILE}, whose name has hyphens too many. They
 * are not refused, since anybody may put variables there: what Kubernetes tells of a
 * service is known, and what is like no setting may be anything.
 */
final class UnusedVariables {

	private static final Logger logger = LoggerFactory.getLogger(UnusedVariables.class);

	private static final String PREFIX = "WATERMILL_";

	private static final Pattern OF_A_SERVICE = Pattern
		.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

	/** The variables of all settings that the binder asked for. */
	private final Set<String> settings = new HashSet<>();

	/**
	 * Take note of a setting that the binder asks for.
	 */
	void asked(ConfigurationPropertyName name) {
		this.settings.add(variable(name, Form.UNIFORM));
		// which works where another source has the name with its hyphens
		this.settings.add(variable(name, Form.DASHED));
	}

	private static String variable(ConfigurationPropertyName name, Form form) {
		StringBuilder variable = new StringBuilder();
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			variable.append((i > 0) ? "_" : "").append(name.getElement(i, form).replace('-', '_'));
		}
		return variable.toString().toUpperCase(Locale.ROOT);
	}

	private static boolean isOfStreamOrMill(String variable) {
		return variable.startsWith(PREFIX + "STREAMS_") || variable.startsWith(PREFIX + "MILLS_");
	}

	/**
	 * Warn of variables that have no effect.
	 * @param sources where settings come from
	 */
	void warn(Iterable<ConfigurationPropertySource> sources) {
		Set<String> unused = new TreeSet<>();
		for (ConfigurationPropertySource source : sources) {
			if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource environment) {
				for (String name : environment.getPropertyNames()) {
					if (isUnused(name.toUpperCase(Locale.ROOT))) {
						unused.add(name);
					}
				}
			}
		}
		if (!unused.isEmpty()) {
			logger.warn("The environment has variables that are no settings, and have no effect: {}. Names lose their "
					+ "hyphens there: that of watermill.streams.robot-location.file is "
					+ "WATERMILL_STREAMS_ROBOTLOCATION_FILE", String.join(", ", unused));
		}
	}

	private boolean isUnused(String variable) {
		return variable.startsWith(PREFIX) && !this.settings.contains(variable)
				&& !OF_A_SERVICE.matcher(variable).matches()
				&& (isOfStreamOrMill(variable) || isLikeASetting(variable));
	}

	private boolean isLikeASetting(String variable) {
		List<String> others = this.settings.stream()
			.filter((setting) -> setting.startsWith(PREFIX) && !isOfStreamOrMill(setting))
			.map((setting) -> setting.substring(PREFIX.length()))
			.toList();
		return NearestName.of(variable.substring(PREFIX.length()), others).isPresent();
	}

}
