package dev.watermill.spring.binding.internal;

import java.beans.PropertyDescriptor;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import dev.watermill.spring.naming.internal.RelaxedName;
import dev.watermill.spring.properties.StreamProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The settings of a stream that are not what they are if nobody sets them, by their
 * names.
 */
final class GivenSettings {

	private final Map<String, Object> values = new TreeMap<>();

	GivenSettings(StreamProperties properties) {
		StreamProperties unset = new StreamProperties();
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(StreamProperties.class)) {
			Method getter = property.getReadMethod();
			Object value = ReflectionUtils.invokeMethod(getter, properties);
			if (value != null && !Objects.equals(value, ReflectionUtils.invokeMethod(getter, unset))) {
				this.values.put(RelaxedName.kebab(property.getName()), value);
			}
		}
		this.values.remove("class");
	}

	Set<String> names() {
		return this.values.keySet();
	}

	@Nullable Object get(String name) {
		return this.values.get(name);
	}

}
