package dev.watermill.spring.kafka;

import java.util.function.Supplier;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;

/**
 * Gives readers the deserializer that is a bean. It is configured by whoever defined it,
 * and closed with the application, unless each reader gets one of its own.
 *
 * @param beanFactory where the bean is
 * @param name the name of the bean
 */
record DeserializerBean(BeanFactory beanFactory, String name) implements Supplier<Deserializer<?>> {

	@Override
	public Deserializer<?> get() {
		Deserializer<?> deserializer = this.beanFactory.getBean(this.name, Deserializer.class);
		return this.beanFactory.isSingleton(this.name) ? new Shared(deserializer) : deserializer;
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * A deserializer that outlives its readers.
	 *
	 * @param delegate reads
	 */
	private record Shared(Deserializer<?> delegate) implements Deserializer<Object> {

		@Override
		public @Nullable Object deserialize(String topic, byte[] data) {
			return this.delegate.deserialize(topic, data);
		}

		@Override
		public @Nullable Object deserialize(String topic, Headers headers, byte[] data) {
			return this.delegate.deserialize(topic, headers, data);
		}

	}

}
