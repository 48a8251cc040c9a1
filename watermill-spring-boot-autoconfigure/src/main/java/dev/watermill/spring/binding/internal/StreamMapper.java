package dev.watermill.spring.binding.internal;

import java.util.List;

import dev.watermill.codec.StrictJson;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * The mapper that reads and writes the elements of streams: a copy of the application's
 * that is strict about numbers. It is resolved when the first stream needs it, since an
 * application without one may have none, or several. Thread-safe.
 *
 * @since 0.1.0
 */
public final class StreamMapper {

	/**
	 * The name of a mapper for mills alone.
	 */
	public static final String OWN_MAPPER = "watermillJsonMapper";

	private final ConfigurableBeanFactory beanFactory;

	private final Environment environment;

	private @Nullable JsonMapper mapper;

	/**
	 * Create an object that finds the mapper.
	 * @param beanFactory where the application's mapper is
	 * @param environment has settings that mills do not follow
	 */
	public StreamMapper(ConfigurableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	/**
	 * Find the mapper.
	 * @return the mapper
	 * @throws InvalidBindingException if there are several to choose from
	 */
	public synchronized JsonMapper get() {
		JsonMapper result = this.mapper;
		if (result == null) {
			result = StrictJson.of(application());
			JacksonSettings.warn(this.environment);
			this.mapper = result;
		}
		return result;
	}

	private JsonMapper application() {
		if (this.beanFactory.containsBean(OWN_MAPPER)) {
			return this.beanFactory.getBean(OWN_MAPPER, JsonMapper.class);
		}
		try {
			return this.beanFactory.getBeanProvider(JsonMapper.class).getIfAvailable(JsonMapper::shared);
		}
		catch (NoUniqueBeanDefinitionException ex) {
			List<String> names = (ex.getBeanNamesFound() != null) ? List.copyOf(ex.getBeanNamesFound()) : List.of();
			throw new InvalidBindingException(
					"Streams are read and written as JSON, but there are several JsonMapper beans to do it with: "
							+ String.join(", ", names) + ".",
					"Mark one as @Primary, or the others as @Bean(defaultCandidate = false), or define one for mills "
							+ "alone: @Bean(defaultCandidate = false) JsonMapper " + OWN_MAPPER + "().",
					ex);
		}
	}

}
