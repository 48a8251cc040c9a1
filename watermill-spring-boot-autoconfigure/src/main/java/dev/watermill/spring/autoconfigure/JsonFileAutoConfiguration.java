package dev.watermill.spring.autoconfigure;

import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.broker.file.StrictJson;
import dev.watermill.spring.binding.FileBindingResolver;
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

	@Bean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean
	JsonFileBroker.Builder jsonFileBrokerBuilder(WaterMillProperties properties, ObjectProvider<JsonMapper> mapper) {
		FilesProperties files = properties.getFiles();
		return JsonFileBroker.builder(StrictJson.of(mapper.getIfAvailable(JsonMapper::shared)))
			.fsync(files.isFsync())
			.maxElementSize(Math.toIntExact(files.getMaxElementSize().toBytes()));
	}

	@Bean
	@ConditionalOnMissingBean
	JsonFileBroker jsonFileBroker(JsonFileBroker.Builder builder) {
		return builder.build();
	}

	@Bean
	@ConditionalOnMissingBean
	FileBindingResolver fileBindingResolver(JsonFileBroker broker, ObjectProvider<JsonFileBroker.Builder> builders,
			ListableBeanFactory beanFactory) {
		return new FileBindingResolver(broker, builders::getObject, beanFactory);
	}

}
