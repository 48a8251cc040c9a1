package dev.watermill.spring.autoconfigure;

import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.broker.file.StrictJson;
import dev.watermill.spring.binding.FileBindingResolver;
import dev.watermill.spring.diagnostics.InvalidPropertyException;
import dev.watermill.spring.properties.FilesProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for streams in files of JSON, read
 * and written by a copy of the application's mapper that is strict about numbers.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WaterMillAutoConfiguration.class,
		afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(JsonMapper.class)
@ConditionalOnBooleanProperty(name = "watermill.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WaterMillProperties.class)
public final class JsonFileAutoConfiguration {

	/** Elements are arrays of bytes, and these grow by half. */
	private static final DataSize LARGEST_ELEMENT = DataSize.ofGigabytes(1);

	@Bean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean
	JsonFileBroker.Builder jsonFileBrokerBuilder(WaterMillProperties properties, ObjectProvider<JsonMapper> mapper) {
		FilesProperties files = properties.getFiles();
		return JsonFileBroker.builder(StrictJson.of(mapper.getIfAvailable(JsonMapper::shared)))
			.fsync(files.isFsync())
			.maxElementSize(maxElementSize(files));
	}

	@Bean
	@ConditionalOnMissingBean
	JsonFileBroker jsonFileBroker(JsonFileBroker.Builder builder, Environment environment) {
		JacksonSettings.tell(environment);
		return builder.build();
	}

	@Bean
	@ConditionalOnMissingBean
	FileBindingResolver fileBindingResolver(JsonFileBroker broker, ObjectProvider<JsonFileBroker.Builder> builders,
			ListableBeanFactory beanFactory) {
		return new FileBindingResolver(broker, builders::getObject, beanFactory);
	}

	private static int maxElementSize(FilesProperties files) {
		DataSize size = files.getMaxElementSize();
		if (size.toBytes() < 1 || size.compareTo(LARGEST_ELEMENT) > 0) {
			throw new InvalidPropertyException("The property watermill.files.max-element-size is " + size + ".",
					"Set it to a size of at least 1B and at most " + LARGEST_ELEMENT.toGigabytes() + "GB.");
		}
		return Math.toIntExact(size.toBytes());
	}

}
