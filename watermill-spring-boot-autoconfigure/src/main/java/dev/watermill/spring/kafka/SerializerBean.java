package dev.watermill.spring.kafka;

import java.util.function.Supplier;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;

/**
 * Gives writers the serializer that is a bean. It is configured by whoever defined it,
 * and closed with the application, unless each writer gets one of its own.
 *
 * @param beanFactory where the bean is
 * @param name the name of the bean
 */
record SerializerBean(BeanFactory beanFactory, String name) implements Supplier<Serializer<?>> {

	@Override
	@SuppressWarnings("unchecked")
	public Serializer<?> get() {
		Serializer<Object> serializer = this.beanFactory.getBean(this.name, Serializer.class);
		return this.beanFactory.isSingleton(this.name) ? new Shared(serializer) : serializer;
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * A serializer that outlives its writers.
	 *
	 * @param delegate writes
	 */
	private record Shared(Serializer<Object> delegate) implements Serializer<Object> {

		@Override
		public byte @Nullable [] serialize(String topic, Object data) {
			return this.delegate.serialize(topic, data);
		}

		@Override
		public byte @Nullable [] serialize(String topic, Headers headers, Object data) {
			return this.delegate.serialize(topic, headers, data);
		}

	}

}
