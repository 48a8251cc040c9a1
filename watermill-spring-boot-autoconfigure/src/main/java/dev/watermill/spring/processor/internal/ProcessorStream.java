package dev.watermill.spring.processor.internal;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * A stream that a processing function reads.
 *
 * @param name the name of the stream, in kebab-case
 * @param type the type of its elements
 * @param parent the name of the stream it is joined to, {@code null} for the master
 * @param left the annotation's expression for the key of the parent's elements, empty if
 * it has none
 * @param right the annotation's expression for the key of this stream's elements, empty
 * if it has none
 * @param match which elements the function asks for
 * @since 0.1.0
 */
public record ProcessorStream(String name, ResolvableType type, @Nullable String parent, String left, String right,
		ProcessorMatch match) {

	/**
	 * Return the class of the elements.
	 * @return the class, without its type arguments
	 */
	public Class<?> elementClass() {
		return this.type.resolve(Object.class);
	}

}
