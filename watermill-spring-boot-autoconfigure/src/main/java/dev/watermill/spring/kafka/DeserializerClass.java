package dev.watermill.spring.kafka;

import java.util.Map;
import java.util.function.Supplier;

import org.apache.kafka.common.serialization.Deserializer;

import org.springframework.beans.BeanUtils;

/**
 * Makes deserializers of a class, one for each reader. Those of one class and one
 * configuration are equal, so that nodes on one topic can share what one of them reads.
 *
 * @param type the class
 * @param configuration how they are configured
 */
record DeserializerClass(Class<?> type, Map<String, Object> configuration) implements Supplier<Deserializer<?>> {

	@Override
	public Deserializer<?> get() {
		Deserializer<?> deserializer = (Deserializer<?>) BeanUtils.instantiateClass(this.type);
		deserializer.configure(this.configuration, false);
		return deserializer;
	}

	/**
	 * The configuration may have passwords.
	 */
	@Override
	public String toString() {
		return this.type.getName();
	}

}
