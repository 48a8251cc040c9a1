package dev.watermill.spring.processor.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/**
 * Tells a native image what mills look at by reflection: the processing functions, the
 * elements they are handed and the results they return, as Jackson reads and writes them,
 * and what expressions can read of them. A processor that would be refused at start is
 * refused when the application is processed ahead of time.
 */
final class ProcessorHints implements BeanFactoryInitializationAotProcessor {

	private final BindingReflectionHintsRegistrar bindings = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		List<ProcessorSource> sources = new Processors(beanFactory).sources(false);
		if (sources.isEmpty()) {
			return null;
		}
		Set<ResolvableType> types = new LinkedHashSet<>();
		sources.forEach((source) -> types.addAll(new Signature(source).types()));
		return (context, code) -> {
			ReflectionHints hints = context.getRuntimeHints().reflection();
			sources.forEach((source) -> hints.registerMethod(source.method(), ExecutableMode.INVOKE));
			types.forEach((type) -> this.bindings.registerReflectionHints(hints, type.getType()));
			new ReadableTypes(types).registerHints(hints);
		};
	}

}
