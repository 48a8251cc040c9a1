package dev.watermill.codec.internal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Says of a value that could not be read which field it is, what was expected and what
 * was found: without places in a buffer, and without advice on how to configure Jackson.
 *
 * @since 0.1.0
 */
public final class JsonProblem {

	private static final Pattern PLACE = Pattern.compile(" ?\\((?:[^()\\[]* )?at \\[Source:[^\\]]*\\]\\)?");

	private static final Pattern ADVICE = Pattern.compile(
			" \\((?:but (?:might|could)|set|enable|use|consider|not recognized as one since) [^()]*(?:\\([^()]*\\)[^()]*)?\\)"
					+ "|: enable `[^`]*` to allow");

	private static final Pattern KINDS = Pattern.compile("known type ids = \\[([^\\]]*)\\]");

	private static final Pattern KIND_PROPERTY = Pattern.compile("missing type id property '([^']*)'");

	private static final Pattern NUMBER = Pattern.compile("Value \"([^\"]{1,50})\"");

	private final JsonMapper mapper;

	private final JavaType type;

	/**
	 * Create an instance.
	 * @param mapper reads JSON, for the value as it was found
	 * @param type what values were to be read as
	 */
	JsonProblem(JsonMapper mapper, JavaType type) {
		this.mapper = mapper;
		this.type = type;
	}

	/**
	 * Say what is wrong with a value.
	 * @param problem what Jackson says
	 * @param value the bytes of the value
	 * @return a sentence without a full stop
	 */
	String of(Exception problem, byte[] value) {
		if (isSyntax(problem)) {
			return ofSyntax(of(problem), value);
		}
		if (problem instanceof StreamConstraintsException limit) {
			return ReadLimits.explain(limit);
		}
		if (problem instanceof JacksonException jackson && problem.getCause() instanceof NumberFormatException number) {
			return ofNumber(jackson, number);
		}
		if (problem instanceof JacksonException jackson && !(problem instanceof InvalidTypeIdException)) {
			if (String.valueOf(jackson.getOriginalMessage()).startsWith("Trailing token")) {
				return "Expected one JSON value, found more behind it";
			}
			JsonNode root;
			try {
				root = read(value);
			}
			catch (JacksonException ex) {
				// what else is wrong with it tells more than what it is taken for
				return isSyntax(ex) ? ofSyntax(of(ex), value) : of(ex);
			}
			if (root.isMissingNode()) {
				return "Expected an element, found nothing";
			}
			String text = ofType(jackson, root);
			return (text != null) ? text : of(problem);
		}
		return (problem instanceof InvalidTypeIdException kind) ? ofKind(kind) : of(problem);
	}

	/**
	 * Say that the exponent of a number is more than any number can have here.
	 */
	private static String ofNumber(JacksonException problem, NumberFormatException number) {
		Matcher written = NUMBER.matcher(String.valueOf(number.getMessage()));
		String field = field(problem.getPath());
		return begin(field) + (field.isEmpty() ? "F" : "f") + "ound " + (written.find() ? written.group(1) : "a number")
				+ ", whose exponent is out of all bounds";
	}

	/**
	 * Say that an object is of none of the kinds that its type knows by their names.
	 */
	private static String ofKind(InvalidTypeIdException problem) {
		String text = String.valueOf(problem.getOriginalMessage());
		Matcher known = KINDS.matcher(text);
		Matcher property = KIND_PROPERTY.matcher(text);
		String field = field(problem.getPath());
		return begin(field) + (field.isEmpty() ? "E" : "e") + "xpected one of the kinds of `"
				+ problem.getBaseType().getRawClass().getSimpleName() + "`"
				+ (known.find() ? " (" + known.group(1) + ")" : "") + ", found "
				+ ((problem.getTypeId() != null) ? "'" + problem.getTypeId() + "'"
						: property.find() ? "no field '" + property.group(1) + "' that names one" : "none");
	}

	/**
	 * Say what is wrong with a value that is no JSON.
	 * @param problem what is known of it
	 * @param value the bytes of the value
	 * @return what the value is if that can be seen, otherwise what is known
	 */
	public static String ofSyntax(String problem, byte[] value) {
		ForeignBytes foreign = ForeignBytes.recognise(value, 0, value.length);
		if (foreign != null) {
			return "Not JSON: found " + foreign;
		}
		if (value.length > 2 && value[0] == (byte) 0xef && value[1] == (byte) 0xbb && value[2] == (byte) 0xbf) {
			return "Not JSON: found the byte order mark of UTF-8, which stands at the beginning of a file only";
		}
		return problem.contains("UTF-8")
				? "Not UTF-8, but maybe Latin-1 or another encoding: " + problem.replaceFirst("^Not JSON: ", "")
				: problem;
	}

	/**
	 * Whether a text holds a JSON object or array, as one does that was written to JSON
	 * once more.
	 * @param text the text
	 * @return {@code true} if it does
	 */
	public static boolean isEncodedTwice(String text) {
		return FoundValue.holdsJson(text);
	}

	/**
	 * Say what is wrong without knowing the value.
	 * @param problem what Jackson says
	 * @return a sentence without a full stop
	 */
	public static String of(Exception problem) {
		if (!(problem instanceof JacksonException jackson)) {
			return "Not an element: " + problem;
		}
		if (problem instanceof StreamConstraintsException limit) {
			return ReadLimits.explain(limit);
		}
		String text = PLACE.matcher(String.valueOf(jackson.getOriginalMessage())).replaceAll("");
		text = ADVICE.matcher(text).replaceAll("").replace("VALUE_STRING", "a text");
		if (isSyntax(problem)) {
			return "Not JSON: " + text;
		}
		String path = String.valueOf(jackson.getPathReference());
		return path.isEmpty() ? text : text + " (through " + path + ")";
	}

	private static boolean isSyntax(Exception problem) {
		return problem instanceof StreamReadException && !(problem instanceof InputCoercionException);
	}

	// Decimals as they are written: a double may be infinite, or have nothing left of
	// them
	private JsonNode read(byte[] value) {
		try {
			return this.mapper.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).readTree(value);
		}
		catch (NumberFormatException ex) {
			// somewhere in it is one whose exponent no decimal has
			return this.mapper.reader().readTree(value);
		}
	}

	private @Nullable String ofType(JacksonException problem, JsonNode root) {
		JsonNode parent = root;
		JsonNode found = root;
		List<JacksonException.Reference> path = problem.getPath();
		for (JacksonException.Reference step : path) {
			parent = found;
			found = (step.getPropertyName() != null) ? found.path(step.getPropertyName()) : found.path(step.getIndex());
		}
		String field = field(path);
		Throwable cause = problem.getCause();
		if (problem instanceof ValueInstantiationException failure && cause != null) {
			return begin(field) + FoundValue.describe(found) + " can't be made into `"
					+ failure.getType().getRawClass().getSimpleName() + "`: " + cause.getMessage();
		}
		Class<?> target = (field.isEmpty() && problem instanceof MismatchedInputException) ? this.type.getRawClass()
				: target(problem);
		if (target == null) {
			return null;
		}
		if (target.isArray() && !path.isEmpty() && path.get(path.size() - 1).getPropertyName() == null) {
			target = target.getComponentType();
		}
		String expected = "expected " + ExpectedType.describe(target);
		if (found.isMissingNode() || found.isNull()) {
			if (field.isEmpty() || (found.isMissingNode() && !isNull(problem))) {
				return null;
			}
			return "A field is missing or null: " + expected + " as '" + field + "', found "
					+ ((found instanceof MissingNode) ? FoundValue.fields(parent) : "null");
		}
		return begin(field) + ((field.isEmpty()) ? "E" + expected.substring(1) : expected) + ", found "
				+ FoundValue.describe(found) + ExpectedType.hint(target, found);
	}

	// A field by another name, an alias, is found by Jackson only
	private static boolean isNull(JacksonException problem) {
		String text = String.valueOf(problem.getOriginalMessage());
		return text.startsWith("Cannot map `null`") || text.startsWith("Invalid `null`");
	}

	private static String begin(String field) {
		return field.isEmpty() ? "" : "The field '" + field + "': ";
	}

	private static @Nullable Class<?> target(JacksonException problem) {
		if (problem instanceof MismatchedInputException mismatch) {
			return mismatch.getTargetType();
		}
		return (problem instanceof InputCoercionException coercion) ? coercion.getTargetType() : null;
	}

	private static String field(List<JacksonException.Reference> path) {
		StringBuilder field = new StringBuilder();
		for (JacksonException.Reference step : path) {
			if (step.getPropertyName() == null) {
				field.append('[').append(step.getIndex()).append(']');
			}
			else {
				field.append((field.isEmpty()) ? "" : ".").append(step.getPropertyName());
			}
		}
		return field.toString();
	}

}
