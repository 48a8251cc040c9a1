package dev.watermill.spring.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.watermill.broker.kafka.ClientSettings;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.broker.kafka.KafkaSettingsException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ConsumerPostProcessor;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.core.ProducerPostProcessor;
import org.springframework.util.ClassUtils;

/**
 * Makes the clients of mills as the application's factories would make theirs: with the
 * same settings, listeners and post-processors. The factories themselves are of no use,
 * since they share and pool clients, which belong to one lane of a mill here, and begin
 * transactions at a time of their own. Thread-safe.
 *
 * @since 0.1.0
 */
public final class SpringKafkaClients implements KafkaClients {

	private final ConsumerFactory<?, ?> consumers;

	private final ProducerFactory<?, ?> producers;

	private final @Nullable KafkaAdmin admin;

	private final @Nullable ClassLoader classLoader;

	private final RenewedBundles bundles;

	private final ClientNames names = new ClientNames();

	/**
	 * Create a maker of clients.
	 * @param consumers has the settings, listeners and post-processors of consumers
	 * @param producers has the settings, listeners and post-processors of producers
	 * @param admin has the settings of administrative clients, {@code null} to take those
	 * of consumers
	 * @param bundles the SSL bundles, of which the settings may name one: as it is when a
	 * connection is made, so that certificates may be renewed; {@code null} for none
	 * @param classLoader finds the classes that settings name, {@code null} for the
	 * thread's own
	 */
	public SpringKafkaClients(ConsumerFactory<?, ?> consumers, ProducerFactory<?, ?> producers,
			@Nullable KafkaAdmin admin, @Nullable SslBundles bundles, @Nullable ClassLoader classLoader) {
		this.consumers = consumers;
		this.producers = producers;
		this.admin = admin;
		this.bundles = new RenewedBundles(bundles);
		this.classLoader = classLoader;
	}

	@Override
	public Consumer<byte[], byte[]> consumer(ClientSettings settings) {
		List<ConsumerFactory.Listener<byte[], byte[]>> listeners = ofBytes(this.consumers.getListeners());
		List<ConsumerPostProcessor<byte[], byte[]>> postProcessors = ofBytes(this.consumers.getPostProcessors());
		Map<String, Object> merged = settings.over(consumerProperties());
		ListenedConsumer made = withClassLoader(() -> new ListenedConsumer(merged, listeners));
		try {
			made.added();
			Consumer<byte[], byte[]> consumer = made;
			for (ConsumerPostProcessor<byte[], byte[]> postProcessor : postProcessors) {
				consumer = postProcessor.apply(consumer);
			}
			return consumer;
		}
		catch (RuntimeException ex) {
			made.close();
			throw ex;
		}
	}

	@Override
	public Producer<byte[], byte[]> producer(ClientSettings settings) {
		List<ProducerFactory.Listener<byte[], byte[]>> listeners = ofBytes(this.producers.getListeners());
		List<ProducerPostProcessor<byte[], byte[]>> postProcessors = ofBytes(this.producers.getPostProcessors());
		Map<String, Object> merged = settings.over(producerProperties());
		ListenedProducer made = withClassLoader(() -> new ListenedProducer(merged, listeners));
		try {
			made.added();
			Producer<byte[], byte[]> producer = made;
			for (ProducerPostProcessor<byte[], byte[]> postProcessor : postProcessors) {
				producer = postProcessor.apply(producer);
			}
			return producer;
		}
		catch (RuntimeException ex) {
			made.close();
			throw ex;
		}
	}

	@Override
	public Map<String, ?> producerSettings() {
		return producerProperties();
	}

	@Override
	public Admin admin() {
		Map<String, Object> settings = adminProperties();
		this.names.distinguish(settings);
		return withClassLoader(() -> Admin.create(settings));
	}

	/**
	 * Return the settings of all clients of a kind of the application.
	 */
	Map<String, Object> properties(KafkaSettingsException.Client client) {
		return switch (client) {
			case CONSUMER -> consumerProperties();
			case PRODUCER -> producerProperties();
			case ADMIN -> adminProperties();
		};
	}

	/**
	 * Make a client that nobody hears of, and close it.
	 * @throws RuntimeException if it can't be made
	 */
	void tryOut(KafkaSettingsException.Client client, Map<String, Object> settings) {
		withClassLoader(() -> {
			switch (client) {
				case CONSUMER -> new KafkaConsumer<byte[], byte[]>(settings).close(CloseOptions.timeout(Duration.ZERO));
				case PRODUCER -> new KafkaProducer<byte[], byte[]>(settings).close(Duration.ZERO);
				case ADMIN -> Admin.create(settings).close(Duration.ZERO);
			}
			return settings;
		});
	}

	/**
	 * Return the settings of all consumers of the application.
	 */
	Map<String, Object> consumerProperties() {
		return this.bundles.in(this.consumers.getConfigurationProperties());
	}

	/**
	 * Return the settings of all producers of the application.
	 */
	Map<String, Object> producerProperties() {
		return this.bundles.in(this.producers.getConfigurationProperties());
	}

	private Map<String, Object> adminProperties() {
		if (this.admin != null) {
			return new HashMap<>(this.bundles.in(this.admin.getConfigurationProperties()));
		}
		Map<String, Object> settings = new HashMap<>(consumerProperties());
		// What is no setting of any client may be meant for an SSL engine factory
		settings.keySet()
			.removeIf((name) -> ConsumerConfig.configNames().contains(name)
					&& !AdminClientConfig.configNames().contains(name));
		return settings;
	}

	/**
	 * A thread of another origin, such as a web server's, may not see the application's
	 * classes, which settings name.
	 */
	private <T> T withClassLoader(Supplier<T> maker) {
		ClassLoader before = ClassUtils.overrideThreadContextClassLoader(this.classLoader);
		try {
			return maker.get();
		}
		finally {
			if (before != null) {
				Thread.currentThread().setContextClassLoader(before);
			}
		}
	}

	/**
	 * Listeners and post-processors of any factory get to see clients of ours, whose
	 * records are bytes, which their interfaces can't say.
	 */
	@SuppressWarnings("unchecked")
	private static <T> List<T> ofBytes(List<?> listeners) {
		return (List<T>) listeners;
	}

}
