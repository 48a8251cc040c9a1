package dev.watermill.spring.processor.internal;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidProcessorException;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.util.ClassUtils;

/**
 * A method of a bean that was found to be a processing function.
 *
 * @param mill the name of its mill
 * @param beanName the name of the bean
 * @param type the class of the bean, without proxies
 * @param method the method of that class
 * @param beanFactory where beans are looked up
 */
record ProcessorSource(String mill, String beanName, Class<?> type, Method method,
		ConfigurableListableBeanFactory beanFactory) {

	String description() {
		return describe(this.type, this.method);
	}

	static String describe(Class<?> type, Method method) {
		return ClassUtils.getShortName(type) + "." + method.getName();
	}

	/**
	 * Return the arguments, with the annotations of the method they override.
	 */
	List<Argument> arguments() {
		List<Argument> arguments = new ArrayList<>();
		for (MethodParameter parameter : new AnnotatedMethod(this.method).getMethodParameters()) {
			parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
			arguments.add(new Argument(this, parameter));
		}
		return arguments;
	}

	/**
	 * Fill in the placeholders of an annotation's attribute.
	 */
	String resolve(String text) {
		String resolved = this.beanFactory.resolveEmbeddedValue(text);
		return (resolved != null) ? resolved : "";
	}

	InvalidProcessorException refuse(String problem, String action) {
		return new InvalidProcessorException(subject() + " " + problem + ".", action);
	}

	String subject() {
		return "The processing function " + description() + " of the mill '" + this.mill + "'";
	}

}
