package dev.watermill.spring.binding;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import dev.watermill.broker.Broker;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.codec.ElementEncoder;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.properties.StreamProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Binds streams to files of JSON.
 *
 * @since 0.1.0
 */
public final class FileBindingResolver implements BindingResolver {

	private final Supplier<JsonFileBroker> broker;

	private final Supplier<JsonFileBroker.Builder> builders;

	private final ListableBeanFactory beanFactory;

	/**
	 * Create a resolver.
	 * @param broker serves the streams, asked for only if there is a file
	 * @param builders begin a broker of a stream's own, where it has a decoder or encoder
	 * @param beanFactory where decoders and encoders are
	 */
	public FileBindingResolver(Supplier<JsonFileBroker> broker, Supplier<JsonFileBroker.Builder> builders,
			ListableBeanFactory beanFactory) {
		this.broker = broker;
		this.builders = builders;
		this.beanFactory = beanFactory;
	}

	@Override
	public @Nullable StreamBinding resolve(String stream, StreamProperties properties) {
		String file = properties.getFile();
		if (file == null || file.isBlank()) {
			return null;
		}
		check(stream, file, properties);
		Map<String, String> settings = new HashMap<>();
		if (ClassPathFile.is(file)) {
			settings.put(JsonFileBroker.FILE_PROPERTY, ClassPathFile.of(stream, file, this.beanFactory).toString());
			settings.put(JsonFileBroker.READ_ONLY_PROPERTY, file);
		}
		else {
			settings.put(JsonFileBroker.FILE_PROPERTY, file);
		}
		if (properties.getFormat() != null) {
			settings.put(JsonFileBroker.FORMAT_PROPERTY, properties.getFormat().name().toLowerCase(Locale.ROOT));
		}
		if (properties.getAt() != null) {
			settings.put(JsonFileBroker.AT_PROPERTY, properties.getAt());
		}
		settings.put(JsonFileBroker.OVERWRITE_PROPERTY, String.valueOf(properties.isOverwrite()));
		return new StreamBinding("file", broker(stream, properties), settings);
	}

	private static void check(String stream, String file, StreamProperties properties) {
		String subject = "The stream '" + stream + "' is bound to the file " + file + " and has ";
		String prefix = "watermill.streams." + stream + ".";
		if (!properties.getProperties().isEmpty()) {
			throw new InvalidBindingException(
					subject + "settings for a broker: " + String.join(", ", properties.getProperties().keySet()) + ".",
					"Remove " + prefix + "properties: files have no such settings.");
		}
		if (properties.getKey() != null) {
			throw new InvalidBindingException(
					subject + "a key for its records, but the elements of a file are nothing but their values.",
					"Remove " + prefix + "key, or bind the stream to a topic.");
		}
		if (properties.getEndMark() != null) {
			throw new InvalidBindingException(
					subject + "a form for the mark of its end, but a file ends where it ends.",
					"Remove " + prefix + "end-mark, or bind the stream to a topic.");
		}
		if (properties.isAlignSegments()) {
			throw new InvalidBindingException(
					subject + "segments to align, but a file has one end, and is read from its start.",
					"Remove " + prefix + "align-segments, or bind the stream to a topic.");
		}
	}

	private Broker broker(String stream, StreamProperties properties) {
		String decoder = properties.getDeserializer();
		String encoder = properties.getSerializer();
		if (decoder == null && encoder == null) {
			return this.broker.get();
		}
		String prefix = "watermill.streams." + stream + ".";
		JsonFileBroker.Builder builder = this.builders.get();
		if (decoder != null) {
			builder.decoder(stream,
					NamedBean.get(this.beanFactory, decoder, ElementDecoder.class, prefix + "deserializer"));
		}
		if (encoder != null) {
			builder.encoder(stream,
					NamedBean.get(this.beanFactory, encoder, ElementEncoder.class, prefix + "serializer"));
		}
		return builder.build();
	}

}
