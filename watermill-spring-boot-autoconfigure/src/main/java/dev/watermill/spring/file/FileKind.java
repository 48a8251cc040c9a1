package dev.watermill.spring.file;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import dev.watermill.broker.Broker;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.codec.ElementEncoder;
import dev.watermill.spring.binding.internal.NamedBean;
import dev.watermill.spring.binding.internal.StreamBinding;
import dev.watermill.spring.binding.internal.StreamKind;
import dev.watermill.spring.binding.internal.StreamSetting;
import dev.watermill.spring.binding.internal.StreamSetting.Use;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.properties.StreamProperties;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Streams in files of JSON.
 */
final class FileKind implements StreamKind, Ordered {

	private static final Set<StreamSetting> SETTINGS = Set.of(
			new StreamSetting("format", "a layout of its elements in a file", Use.BOTH),
			new StreamSetting("at", "a place of its elements within an object", Use.BOTH),
			new StreamSetting("merge", "partitions or files to merge", Use.READING),
			new StreamSetting("overwrite", "leave to replace what was written", Use.WRITING),
			StreamSetting.DESERIALIZER, StreamSetting.SERIALIZER);

	private final Supplier<JsonFileBroker> broker;

	private final Supplier<JsonFileBroker.Builder> builders;

	private final ListableBeanFactory beanFactory;

	/**
	 * Create a kind.
	 * @param broker serves the streams, asked for only if there is a file
	 * @param builders begin a broker of a stream's own, where it has a decoder or encoder
	 * @param beanFactory where decoders and encoders are
	 */
	FileKind(Supplier<JsonFileBroker> broker, Supplier<JsonFileBroker.Builder> builders,
			ListableBeanFactory beanFactory) {
		this.broker = broker;
		this.builders = builders;
		this.beanFactory = beanFactory;
	}

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public String property() {
		return "file";
	}

	@Override
	public String target() {
		return "a file of JSON";
	}

	@Override
	public Set<StreamSetting> settings() {
		return SETTINGS;
	}

	@Override
	public StreamBinding bind(String stream, String place, StreamProperties properties) {
		Map<String, String> settings = new HashMap<>();
		if (ClassPathFile.is(place)) {
			settings.put(JsonFileBroker.FILE_PROPERTY, ClassPathFile.of(stream, place, this.beanFactory).toString());
			settings.put(JsonFileBroker.READ_ONLY_PROPERTY, place);
		}
		else {
			settings.put(JsonFileBroker.FILE_PROPERTY, place);
		}
		if (properties.getFormat() != null) {
			settings.put(JsonFileBroker.FORMAT_PROPERTY, properties.getFormat().label());
		}
		if (properties.getAt() != null) {
			settings.put(JsonFileBroker.AT_PROPERTY, properties.getAt());
		}
		settings.put(JsonFileBroker.MERGE_PROPERTY, String.valueOf(properties.isMerge()));
		settings.put(JsonFileBroker.OVERWRITE_PROPERTY, String.valueOf(properties.isOverwrite()));
		return new StreamBinding(property(), broker(stream, properties), settings);
	}

	@Override
	public StreamBinding bindDeadLetters(String place, String property) {
		if (ClassPathFile.is(place)) {
			throw new InvalidBindingException(
					"The property " + property + " is " + place + ", which can only be read, not written.",
					"Set it to the path of a file, such as dead/orders.jsonl.");
		}
		return new StreamBinding(property(), this.broker.get(), Map.of(JsonFileBroker.FILE_PROPERTY, place));
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
