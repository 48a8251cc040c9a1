package dev.watermill.spring.file;

import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.spring.binding.internal.StreamMapper;
import dev.watermill.spring.binding.internal.StreamMapperConfiguration;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;
import dev.watermill.spring.properties.FilesProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.util.unit.DataSize;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for streams in files of JSON, read
 * and written by a copy of the application's mapper that is strict about numbers. Beans
 * of the application's own take the place of these by their names: one of the same type
 * may be for a single stream.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WaterMillAutoConfiguration.class,
		afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(JsonMapper.class)
@ConditionalOnBooleanProperty(name = "watermill.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WaterMillProperties.class)
@Import(StreamMapperConfiguration.class)
public final class JsonFileAutoConfiguration {

	/** Elements are arrays of bytes, and these grow by half. */
	private static final DataSize LARGEST_ELEMENT = DataSize.ofGigabytes(1);

	@Bean
	@Fallback
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean(name = "watermillFileBrokerBuilder", search = SearchStrategy.CURRENT)
	JsonFileBroker.Builder watermillFileBrokerBuilder(WaterMillProperties properties, StreamMapper mapper) {
		FilesProperties files = properties.getFiles();
		return JsonFileBroker.builder(mapper.get()).fsync(files.isFsync()).maxElementSize(maxElementSize(files));
	}

	@Bean
	@Lazy
	@Fallback
	@ConditionalOnMissingBean(name = "watermillFileBroker", search = SearchStrategy.CURRENT)
	JsonFileBroker watermillFileBroker(@Qualifier("watermillFileBrokerBuilder") JsonFileBroker.Builder builder) {
		return builder.build();
	}

	@Bean
	FileKind watermillFileKind(@Qualifier("watermillFileBroker") ObjectProvider<JsonFileBroker> broker,
			@Qualifier("watermillFileBrokerBuilder") ObjectProvider<JsonFileBroker.Builder> builders,
			ListableBeanFactory beanFactory) {
		return new FileKind(broker::getObject, builders::getObject, beanFactory);
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
