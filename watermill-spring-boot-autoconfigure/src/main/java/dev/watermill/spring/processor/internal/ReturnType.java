package dev.watermill.spring.processor.internal;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

import dev.watermill.delivery.EndOfStream;
import dev.watermill.delivery.Result;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidOutputException;
import dev.watermill.spring.naming.internal.RelaxedName;

import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * Reads from a processing function's return type in which form it answers and which
 * streams its results go to.
 */
final class ReturnType {

	private final ProcessorSource source;

	private final ResolvableType returned;

	/** What the function answers, at once or later. */
	private final ResolvableType answer;

	private final boolean asynchronous;

	ReturnType(ProcessorSource source) {
		this.source = source;
		this.returned = ElementTypes.bound(ResolvableType.forMethodReturnType(source.method(), source.type()));
		this.asynchronous = CompletionStage.class.isAssignableFrom(this.returned.resolve(Object.class));
		this.answer = this.asynchronous ? ElementTypes.bound(this.returned.as(CompletionStage.class).getGeneric(0))
				: this.returned;
	}

	ProcessorResults read() {
		ProcessorResults results = results();
		if (!results.exist() && AnnotatedElementUtils.hasAnnotation(this.source.method(), ToStream.class)) {
			throw new InvalidOutputException(
					this.source.subject() + " has @ToStream, but returns no results that could go to a stream.",
					"Remove @ToStream, or let the function return its results.");
		}
		return results;
	}

	private ProcessorResults results() {
		Class<?> raw = this.answer.resolve(Object.class);
		if (raw == void.class || raw == Void.class) {
			return new ProcessorResults(Result.Shape.NONE, this.asynchronous, ResolvableType.NONE, List.of());
		}
		if (raw == Object.class) {
			return results(Result.Shape.ANY, this.answer);
		}
		if (raw == Optional.class) {
			return results(Result.Shape.OPTIONAL, generic(Optional.class));
		}
		if (BaseStream.class.isAssignableFrom(raw)) {
			return results(Result.Shape.STREAM, generic(BaseStream.class));
		}
		if (Iterator.class.isAssignableFrom(raw)) {
			return results(Result.Shape.ITERATOR, generic(Iterator.class));
		}
		// A JSON tree is iterable too, but one result
		if (raw == Iterable.class || Collection.class.isAssignableFrom(raw)) {
			return results(Result.Shape.ITERABLE, generic(Iterable.class));
		}
		return results(Result.Shape.SINGLE, this.answer);
	}

	private ResolvableType generic(Class<?> container) {
		return ElementTypes.bound(this.answer.as(container).getGeneric(0));
	}

	private ProcessorResults results(Result.Shape shape, ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		if (raw == Result.class) {
			return results(shape, value(type));
		}
		if (raw == Void.class || raw == EndOfStream.class) {
			return new ProcessorResults(shape, this.asynchronous, ResolvableType.NONE, List.of());
		}
		if (raw.isPrimitive()) {
			return results(shape, ResolvableType.forClass(ClassUtils.resolvePrimitiveIfNecessary(raw)));
		}
		if (CompletionStage.class.isAssignableFrom(raw)) {
			throw this.source.refuse(
					"returns " + ElementTypes.describe(this.returned)
							+ ", in which a CompletionStage is itself a result",
					"Return one CompletionStage of all results: thenCompose makes one of two, and "
							+ "CompletableFuture.allOf one of several.");
		}
		if (isAsynchronous(raw)) {
			throw this.source.refuse(
					"returns " + ElementTypes.describe(this.returned)
							+ ", and only a CompletionStage tells when an asynchronous function is done",
					"Return a CompletionStage of the result, such as a CompletableFuture (a Mono has toFuture()), or wait "
							+ "for it within the function.");
		}
		if (raw != Object.class && !ElementTypes.isElement(type)) {
			throw this.source.refuse("returns " + ElementTypes.describe(this.returned) + ", which is no result",
					"Return a record, a bean, a JsonNode or a Map<String, Object>; for several a List, Iterable, "
							+ "Iterator or Stream of them; for at most one an Optional; for none void.");
		}
		return new ProcessorResults(shape, this.asynchronous, type, outputs(type, raw));
	}

	/**
	 * Return the type of the value that a {@link Result} has.
	 */
	private ResolvableType value(ResolvableType result) {
		ResolvableType value = ElementTypes.bound(result.getGeneric(0));
		Class<?> raw = value.resolve(Object.class);
		if (raw == Result.class || raw == Void.class || raw == EndOfStream.class) {
			throw this.source.refuse("returns " + ElementTypes.describe(this.returned) + ", which is no result",
					"Let the Result have a record, a bean, a JsonNode or a Map<String, Object>; return what is no "
							+ "result, such as EndOfStream, as it is.");
		}
		return value;
	}

	private static boolean isAsynchronous(Class<?> type) {
		return Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type)
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
	}

	private List<ProcessorOutput> outputs(ResolvableType type, Class<?> raw) {
		ToStream toStream = AnnotatedElementUtils.findMergedAnnotation(this.source.method(), ToStream.class);
		if (toStream != null) {
			String name = RelaxedName.kebab(this.source.resolve(toStream.value()).trim());
			if (name.isEmpty()) {
				throw new InvalidOutputException(this.source.subject() + " has a @ToStream without a name.",
						"Name the stream of its results.");
			}
			return List.of(new ProcessorOutput(name, type));
		}
		if (raw == Object.class) {
			return List.of();
		}
		if (!isSealed(raw)) {
			return List.of(new ProcessorOutput(RelaxedName.kebab(raw.getSimpleName()), type));
		}
		Set<Class<?>> leaves = new LinkedHashSet<>();
		addLeaves(raw, leaves);
		return byName(leaves);
	}

	private List<ProcessorOutput> byName(Set<Class<?>> types) {
		Set<RelaxedName> names = new HashSet<>();
		List<ProcessorOutput> outputs = new ArrayList<>();
		for (Class<?> type : types) {
			if (!names.add(RelaxedName.of(type.getSimpleName()))) {
				throw new InvalidOutputException(
						this.source.subject() + " has results of two types of the name " + type.getSimpleName()
								+ ", so two output streams of one name.",
						"Rename one of the types, or name the streams under watermill.mills." + this.source.mill()
								+ ".outputs.");
			}
			outputs.add(new ProcessorOutput(RelaxedName.kebab(type.getSimpleName()), ResolvableType.forClass(type)));
		}
		return outputs;
	}

	private static boolean isSealed(Class<?> type) {
		return type.isSealed() && !type.isEnum();
	}

	private static void addLeaves(Class<?> type, Set<Class<?>> leaves) {
		if (!isSealed(type)) {
			leaves.add(type);
			return;
		}
		if (!Modifier.isAbstract(type.getModifiers())) {
			leaves.add(type);
		}
		for (Class<?> permitted : type.getPermittedSubclasses()) {
			addLeaves(permitted, leaves);
		}
	}

}
