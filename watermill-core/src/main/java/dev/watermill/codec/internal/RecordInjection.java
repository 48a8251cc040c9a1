package dev.watermill.codec.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JacksonInject;
import dev.watermill.stream.RecordFact;
import dev.watermill.stream.RecordFacts;
import dev.watermill.stream.RecordHeader;
import dev.watermill.stream.RecordKey;
import dev.watermill.stream.RecordTimestamp;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.InjectableValues;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives elements what they want to know of their records: {@link RecordKey},
 * {@link RecordTimestamp} and {@link RecordHeader}. Used by one thread.
 *
 * @since 0.1.0
 */
public final class RecordInjection extends InjectableValues {

	private final JsonMapper mapper;

	/** Knows the record that is read. */
	private final RecordFacts current;

	/**
	 * Create values.
	 * @param mapper makes other types of texts
	 * @param current knows the record that is read, each time another one
	 */
	public RecordInjection(JsonMapper mapper, RecordFacts current) {
		this.mapper = mapper;
		this.current = current;
	}

	/**
	 * Return a mapper that sees what elements want to know.
	 * @param mapper the mapper
	 * @return a copy
	 */
	public static JsonMapper seeing(JsonMapper mapper) {
		JsonMapper.Builder builder = mapper.rebuild();
		return builder
			.annotationIntrospector(AnnotationIntrospector.pair(new Introspector(), builder.annotationIntrospector()))
			.build();
	}

	/**
	 * Let a reader give elements what they want to know.
	 * @param reader the reader
	 * @return a reader
	 */
	public ObjectReader into(ObjectReader reader) {
		return reader.with(this);
	}

	@Override
	public InjectableValues snapshot() {
		return this;
	}

	@Override
	public @Nullable Object findInjectableValue(DeserializationContext context, Object valueId,
			@Nullable BeanProperty property, @Nullable Object bean, @Nullable Boolean optional,
			@Nullable Boolean useInput) {
		if (!(valueId instanceof Wanted wanted) || property == null) {
			return context.reportBadDefinition(Object.class, "Nothing is known of the injected value " + valueId);
		}
		JavaType type = property.getType();
		boolean mayLack = type.hasRawClass(Optional.class);
		Object value = value(context, property, wanted, mayLack ? type.containedTypeOrUnknown(0) : type);
		if (value == null && type.isPrimitive()) {
			return context.reportInputMismatch(property,
					"The record has no " + wanted + " for '" + property.getName() + "'");
		}
		return mayLack ? Optional.ofNullable(value) : value;
	}

	private @Nullable Object value(DeserializationContext context, BeanProperty property, Wanted wanted,
			JavaType type) {
		return switch (wanted.fact()) {
			case TIMESTAMP -> time(type, this.current.timestamp());
			case KEY -> value(context, property, wanted, type, this.current.key());
			case HEADERS -> value(context, property, wanted, type, this.current.header(wanted.name()));
		};
	}

	private @Nullable Object time(JavaType type, @Nullable Instant time) {
		if (time == null || type.hasRawClass(Instant.class)) {
			return time;
		}
		boolean millis = type.hasRawClass(long.class) || type.hasRawClass(Long.class);
		return millis ? (Object) time.toEpochMilli() : this.mapper.convertValue(time.toString(), type);
	}

	private @Nullable Object value(DeserializationContext context, BeanProperty property, Wanted wanted, JavaType type,
			byte @Nullable [] bytes) {
		if (bytes == null || type.hasRawClass(byte[].class)) {
			return bytes;
		}
		String text;
		try {
			text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			return context.reportInputMismatch(property, "The " + wanted + " of the record is no text in UTF-8");
		}
		if (type.hasRawClass(String.class) || type.hasRawClass(Object.class)) {
			return text;
		}
		boolean json = type.isPrimitive() || type.isTypeOrSubTypeOf(Number.class) || text.startsWith("{")
				|| text.startsWith("[");
		return json ? this.mapper.readerFor(type).readValue(text) : this.mapper.convertValue(text, type);
	}

	/**
	 * What an element wants to know.
	 *
	 * @param fact what of the record
	 * @param name which of its headers
	 */
	private record Wanted(RecordFact fact, String name) {

		@Override
		public String toString() {
			return switch (this.fact) {
				case KEY -> "key";
				case TIMESTAMP -> "timestamp";
				case HEADERS -> "header '" + this.name + "'";
			};
		}

	}

	private static final class Introspector extends NopAnnotationIntrospector {

		private static final long serialVersionUID = 1L;

		@Override
		public JacksonInject.@Nullable Value findInjectableValue(MapperConfig<?> config, AnnotatedMember member) {
			Wanted wanted = wanted(member);
			return (wanted != null) ? JacksonInject.Value.forId(wanted).withUseInput(Boolean.FALSE) : null;
		}

		private static @Nullable Wanted wanted(AnnotatedMember member) {
			if (member.hasAnnotation(RecordKey.class)) {
				return new Wanted(RecordFact.KEY, "");
			}
			if (member.hasAnnotation(RecordTimestamp.class)) {
				return new Wanted(RecordFact.TIMESTAMP, "");
			}
			RecordHeader header = member.getAnnotation(RecordHeader.class);
			return (header != null) ? new Wanted(RecordFact.HEADERS, header.value()) : null;
		}

	}

}
