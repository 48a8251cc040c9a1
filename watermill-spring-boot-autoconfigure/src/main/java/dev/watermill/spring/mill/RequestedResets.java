package dev.watermill.spring.mill;

import java.util.ArrayList;
import java.util.List;

import dev.watermill.Mill;
import dev.watermill.broker.BrokerException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import dev.watermill.spring.naming.internal.NearestName;
import dev.watermill.spring.naming.internal.RelaxedName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resets, before any mill starts, those that {@code watermill.reset} names: the way to do
 * so where no endpoint can be reached.
 */
final class RequestedResets {

	private static final Logger logger = LoggerFactory.getLogger(RequestedResets.class);

	private static final String PROPERTY = "watermill.reset";

	private final List<String> names;

	RequestedResets(List<String> names) {
		this.names = names.stream().map(String::trim).filter((name) -> !name.isEmpty()).distinct().toList();
	}

	void apply(List<Mill> mills) {
		// None is reset if one is misspelt
		List<Mill> found = new ArrayList<>();
		this.names.forEach((name) -> found.add(find(name, mills)));
		found.forEach(RequestedResets::reset);
	}

	private static Mill find(String name, List<Mill> mills) {
		List<String> known = mills.stream().map(Mill::name).toList();
		return mills.stream()
			.filter((mill) -> RelaxedName.of(mill.name()).equals(RelaxedName.of(name)))
			.findFirst()
			.orElseThrow(() -> new InvalidPropertyException(
					"The property " + PROPERTY + " names '" + name + "', but there is no mill of this name.",
					NearestName.question(name, known) + (known.isEmpty() ? "There are no mills."
							: "The mills are: " + String.join(", ", known) + ".")));
	}

	private static void reset(Mill mill) {
		try {
			mill.reset();
		}
		catch (BrokerException | IllegalStateException ex) {
			throw new InvalidPropertyException(
					"The mill '" + mill.name() + "' can't be reset, as " + PROPERTY + " asks. " + ex.getMessage(),
					"Remove the cause, or start without " + PROPERTY + ".", ex);
		}
		logger.warn("Reset mill '{}', as {} asks: it begins anew. Every start with the setting does so", mill.name(),
				PROPERTY);
	}

}
