package dev.watermill.spring.test;

import java.io.IOException;
import java.util.Set;

import dev.watermill.engine.DeliveryErrorHandler;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.WaterMillProcessor;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/**
 * Leaves out of the component scan what tests with {@link WaterMillTest @WaterMillTest}
 * do not have.
 */
class WaterMillTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<WaterMillTest> {

	private static final Set<Class<?>> KNOWN_INCLUDES = Set.of(MillCustomizer.class, DeliveryErrorHandler.class);

	private final Set<Class<?>> processors;

	WaterMillTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
		this.processors = Set.of(getAnnotation().getValue("processors", Class[].class).orElse(new Class<?>[0]));
	}

	@Override
	protected Set<Class<?>> getKnownIncludes() {
		return KNOWN_INCLUDES;
	}

	@Override
	protected Set<Class<?>> getComponentIncludes() {
		return this.processors;
	}

	@Override
	protected boolean defaultInclude(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
		return super.defaultInclude(reader, factory) || (this.processors.isEmpty() && isProcessor(reader));
	}

	private static boolean isProcessor(MetadataReader reader) {
		String annotation = WaterMillProcessor.class.getName();
		return reader.getAnnotationMetadata().isAnnotated(annotation)
				|| reader.getAnnotationMetadata().hasAnnotatedMethods(annotation);
	}

}
