package dev.watermill.spring.kafka;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.codec.ElementEncoder;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.naming.internal.NearestName;
import dev.watermill.spring.properties.StreamProperties;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Finds what reads and writes the elements of a topic, by the name of a bean or a class.
 */
final class KafkaCodecs {

	private final ConfigurableListableBeanFactory beanFactory;

	private final ClientProperties clients;

	/**
	 * Create an object that finds codecs.
	 * @param beanFactory where beans are looked up
	 * @param clients the settings of clients, which are also those of serializers
	 */
	KafkaCodecs(ConfigurableListableBeanFactory beanFactory, ClientProperties clients) {
		this.beanFactory = beanFactory;
		this.clients = clients;
	}

	/**
	 * Let a broker read and write a stream as its settings say.
	 */
	void addTo(KafkaBroker.Builder builder, String stream, StreamProperties settings) {
		String reads = settings.getDeserializer();
		String writes = settings.getSerializer();
		if (reads != null) {
			addDecoding(builder, stream, new Named(stream, "deserializer", reads.trim()), settings.getProperties());
		}
		if (writes != null) {
			addEncoding(builder, stream, new Named(stream, "serializer", writes.trim()), settings.getProperties());
		}
	}

	private void addDecoding(KafkaBroker.Builder builder, String stream, Named named, Map<String, String> properties) {
		if (isBean(named, ElementDecoder.class)) {
			builder.decoder(stream, this.beanFactory.getBean(named.name(), ElementDecoder.class));
		}
		else if (isBean(named, Deserializer.class)) {
			builder.deserializer(stream, new DeserializerBean(this.beanFactory, named.name()));
		}
		else {
			Class<?> type = type(named, Deserializer.class, ElementDecoder.class);
			DeserializerClass deserializers = new DeserializerClass(type, this.clients.ofConsumer(properties));
			tryOut(named, () -> deserializers.get().close());
			builder.deserializer(stream, deserializers);
		}
	}

	private void addEncoding(KafkaBroker.Builder builder, String stream, Named named, Map<String, String> properties) {
		if (isBean(named, ElementEncoder.class)) {
			builder.encoder(stream, this.beanFactory.getBean(named.name(), ElementEncoder.class));
		}
		else if (isBean(named, Serializer.class)) {
			builder.serializer(stream, new SerializerBean(this.beanFactory, named.name()));
		}
		else {
			Class<?> type = type(named, Serializer.class, ElementEncoder.class);
			SerializerClass serializers = new SerializerClass(type, this.clients.ofProducer(properties));
			tryOut(named, () -> serializers.get().close());
			builder.serializer(stream, serializers);
		}
	}

	private boolean isBean(Named named, Class<?> type) {
		return this.beanFactory.containsBean(named.name()) && this.beanFactory.isTypeMatch(named.name(), type);
	}

	private Class<?> type(Named named, Class<?> expected, Class<?> ours) {
		String expectation = "a bean of type " + ours.getSimpleName() + " or " + expected.getSimpleName()
				+ ", or the name of a class that is a Kafka " + expected.getSimpleName();
		if (this.beanFactory.containsBean(named.name())) {
			throw named.refuse("names a bean of type " + this.beanFactory.getType(named.name()),
					"Name " + expectation + ".", null);
		}
		Class<?> type;
		try {
			type = ClassUtils.forName(named.name(), this.beanFactory.getBeanClassLoader());
		}
		catch (ClassNotFoundException | LinkageError ex) {
			List<String> known = Stream.of(ours, expected)
				.flatMap((bean) -> Arrays.stream(this.beanFactory.getBeanNamesForType(bean)))
				.toList();
			throw named.refuse("names neither a bean nor a class that can be loaded",
					NearestName.question(named.name(), known) + "Name " + expectation + ".", ex);
		}
		if (!expected.isAssignableFrom(type)) {
			throw named.refuse("names a class that is no Kafka " + expected.getSimpleName(),
					"Name " + expectation + ".", null);
		}
		return type;
	}

	/**
	 * What can't be made now can't be made when the mill runs.
	 */
	private static void tryOut(Named named, Runnable use) {
		try {
			use.run();
		}
		catch (RuntimeException | LinkageError ex) {
			throw named
				.refuse("names a class that can't be used: " + ex.getMessage(),
						"Give it a constructor without arguments, and the settings it needs under "
								+ "spring.kafka.properties or watermill.streams." + named.stream() + ".properties.",
						ex);
		}
	}

	/**
	 * What a property names.
	 *
	 * @param stream the name of the stream
	 * @param property the property
	 * @param name the name it has for a bean or a class
	 */
	private record Named(String stream, String property, String name) {

		InvalidBindingException refuse(String problem, String action, @Nullable Throwable cause) {
			return new InvalidBindingException("watermill.streams." + this.stream + "." + this.property + ", '"
					+ this.name + "', " + problem + (problem.endsWith(".") ? "" : "."), action, cause);
		}

	}

}
