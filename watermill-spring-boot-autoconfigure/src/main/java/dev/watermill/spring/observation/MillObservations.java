package dev.watermill.spring.observation;

import dev.watermill.MillBuilder;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Lets the deliveries of those mills be observed that ask for it with
 * {@code observation-enabled}. Thread-safe.
 */
final class MillObservations implements MillCustomizer {

	private final WaterMillProperties properties;

	private final ObjectProvider<ObservationRegistry> registry;

	/**
	 * Create observations.
	 * @param properties has which mills are observed
	 * @param registry where observations go
	 */
	MillObservations(WaterMillProperties properties, ObjectProvider<ObservationRegistry> registry) {
		this.properties = properties;
		this.registry = registry;
	}

	@Override
	public void customize(MillBuilder builder) {
		MillProperties settings = this.properties.findMill(builder.name());
		if (settings == null || !settings.isObservationEnabled()) {
			return;
		}
		ObservationRegistry found = registry(builder.name());
		if (found == null) {
			throw new IllegalStateException("observation-enabled is set, but there is no ObservationRegistry. Add "
					+ "spring-boot-starter-actuator, or a bean of it");
		}
		builder.observer(new DeliveryObservations(found));
	}

	private @Nullable ObservationRegistry registry(String mill) {
		try {
			return this.registry.getIfAvailable();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new InvalidPropertyException("The property watermill.mills." + mill
					+ ".observation-enabled is true, but there are several ObservationRegistry beans to observe with"
					+ ((ex.getBeanNamesFound() != null) ? ": " + String.join(", ", ex.getBeanNamesFound()) : "") + ".",
					"Mark one as @Primary, or the others as @Bean(defaultCandidate = false).");
		}
	}

}
