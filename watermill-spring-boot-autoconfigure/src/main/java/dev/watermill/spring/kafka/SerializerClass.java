package dev.watermill.spring.kafka;

import java.util.Map;
import java.util.function.Supplier;

import org.apache.kafka.common.serialization.Serializer;

import org.springframework.beans.BeanUtils;

/**
 * Makes serializers of a class, one for each writer.
 *
 * @param type the class
 * @param configuration how they are configured
 */
record SerializerClass(Class<?> type, Map<String, Object> configuration) implements Supplier<Serializer<?>> {

	@Override
	public Serializer<?> get() {
		Serializer<?> serializer = (Serializer<?>) BeanUtils.instantiateClass(this.type);
		serializer.configure(this.configuration, false);
		return serializer;
	}

	/**
	 * The configuration may have passwords.
	 */
	@Override
	public String toString() {
		return this.type.getName();
	}

}
