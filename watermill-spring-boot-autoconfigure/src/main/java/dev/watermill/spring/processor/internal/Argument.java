package dev.watermill.spring.processor.internal;

import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.watermill.delivery.MillContext;
import dev.watermill.spring.AsOf;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WindowBy;
import dev.watermill.spring.Within;
import dev.watermill.spring.naming.internal.RelaxedName;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * An argument of a processing function, as it is declared.
 */
final class Argument {

	private final MethodParameter parameter;

	private final ResolvableType type;

	private final MergedAnnotations annotations;

	private final ProcessorSource source;

	Argument(ProcessorSource source, MethodParameter parameter) {
		this.source = source;
		this.parameter = parameter;
		this.type = ElementTypes
			.bound(ResolvableType.forMethodParameter(source.method(), parameter.getParameterIndex(), source.type()));
		this.annotations = MergedAnnotations.from(parameter.getParameterAnnotations());
	}

	int index() {
		return this.parameter.getParameterIndex();
	}

	MethodParameter parameter() {
		return this.parameter;
	}

	ResolvableType type() {
		return this.type;
	}

	boolean isContext() {
		return this.type.resolve() == MillContext.class;
	}

	boolean isList() {
		return this.type.resolve() == List.class;
	}

	boolean isMap() {
		return this.type.resolve() == Map.class;
	}

	ResolvableType generic(int index) {
		return ElementTypes.bound(this.type.getGeneric(index));
	}

	/**
	 * Whether an annotation says that this is a stream.
	 */
	boolean isMarkedAsStream() {
		return this.annotations.isPresent(JoinOn.class) || this.annotations.isPresent(FromStream.class) || isAsOf()
				|| isWithin();
	}

	boolean isAsOf() {
		return this.annotations.isPresent(AsOf.class);
	}

	boolean isWithin() {
		return this.annotations.isPresent(Within.class);
	}

	boolean isOptional() {
		return this.type.resolve() == Optional.class;
	}

	/**
	 * Whether {@code @JoinOn} says that elements of the parent need no match.
	 */
	boolean needsNoMatch() {
		return this.annotations.get(JoinOn.class).getValue("optional", Boolean.class).orElse(false);
	}

	/**
	 * Return which elements it asks for.
	 * @param form how the stream is handed over
	 */
	ProcessorMatch match(StreamArgument.Form form) {
		boolean optional = form.isOptional() || needsNoMatch();
		if (isAsOf()) {
			MergedAnnotation<AsOf> asOf = this.annotations.get(AsOf.class);
			return new ProcessorMatch(ProcessorMatch.Kind.AS_OF, true, optional,
					asOf.getEnum("direction", AsOf.Direction.class).toDirection(), asOf.getBoolean("exact"),
					attribute(AsOf.class, "tolerance"), "", "", by(AsOf.class, "byLeft"), by(AsOf.class, "byRight"));
		}
		if (isWithin()) {
			return new ProcessorMatch(ProcessorMatch.Kind.WITHIN, false, optional, null, true, "",
					attribute(Within.class, "before"), attribute(Within.class, "after"), by(Within.class, "byLeft"),
					by(Within.class, "byRight"));
		}
		return ProcessorMatch.equal(form.isOne(), optional);
	}

	private String by(Class<? extends Annotation> kind, String side) {
		String by = attribute(kind, side);
		return by.isEmpty() ? attribute(kind, "by") : by;
	}

	/**
	 * Whether an annotation has an expression for what is equal on both sides and one for
	 * a side.
	 */
	boolean hasTooManyEqualities() {
		Class<? extends Annotation> kind = isAsOf() ? AsOf.class : Within.class;
		return !attribute(kind, "by").isEmpty()
				&& !(attribute(kind, "byLeft").isEmpty() && attribute(kind, "byRight").isEmpty());
	}

	/**
	 * Return the names of the streams, the type's if there is no annotation.
	 */
	List<String> streamNames(ResolvableType element) {
		MergedAnnotation<FromStream> fromStream = this.annotations.get(FromStream.class);
		if (!fromStream.isPresent()) {
			return List.of(RelaxedName.kebab(ElementTypes.simpleName(element)));
		}
		List<String> names = List.of(fromStream.getStringArray(MergedAnnotation.VALUE))
			.stream()
			.map((name) -> RelaxedName.kebab(this.source.resolve(name)))
			.toList();
		if (names.isEmpty() || names.contains("")) {
			throw this.source.refuse("has a @FromStream without a name on its " + describe(),
					"Name the stream, or leave the annotation out to name it by its type.");
		}
		return names;
	}

	String leftKey() {
		return key("left");
	}

	String rightKey() {
		return key("right");
	}

	private String key(String side) {
		String key = attribute(JoinOn.class, side);
		return key.isEmpty() ? attribute(JoinOn.class, MergedAnnotation.VALUE) : key;
	}

	/**
	 * Whether {@code @JoinOn} has an expression for both sides and one for a side.
	 */
	boolean hasTooManyKeys() {
		return !attribute(JoinOn.class, MergedAnnotation.VALUE).isEmpty()
				&& !(attribute(JoinOn.class, "left").isEmpty() && attribute(JoinOn.class, "right").isEmpty());
	}

	String parentName() {
		return RelaxedName.kebab(attribute(JoinOn.class, "parent"));
	}

	boolean isJoined() {
		return this.annotations.isPresent(JoinOn.class) || isAsOf() || isWithin();
	}

	@Nullable ProcessorWindow window() {
		if (!this.annotations.isPresent(WindowBy.class)) {
			return null;
		}
		int count = this.annotations.get(WindowBy.class).getInt("count");
		return new ProcessorWindow(attribute(WindowBy.class, MergedAnnotation.VALUE), attribute(WindowBy.class, "size"),
				attribute(WindowBy.class, "step"), attribute(WindowBy.class, "offset"),
				attribute(WindowBy.class, "gap"), (count != 0) ? Integer.toString(count) : "",
				attribute(WindowBy.class, "every"), attribute(WindowBy.class, "function"));
	}

	private String attribute(Class<? extends Annotation> annotation, String name) {
		return this.annotations.get(annotation)
			.getValue(name, String.class)
			.map((text) -> this.source.resolve(text).trim())
			.orElse("");
	}

	/**
	 * Name the argument in the words of its author.
	 */
	String describe() {
		String name = this.parameter.getParameterName();
		return "argument " + ((name != null) ? "'" + name + "'" : "number " + (index() + 1)) + " of type "
				+ ElementTypes.describe(this.type);
	}

}
