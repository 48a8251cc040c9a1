package dev.watermill.spring.expression.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

import dev.watermill.spring.expression.internal.Operand.OfObject;
import dev.watermill.stream.RecordFact;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ResolvableType;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.StringLiteral;
import org.springframework.expression.spel.ast.VariableReference;

/**
 * Compiles what a key may be computed of besides the element: {@code #key},
 * {@code #timestamp} and {@code #header("name")} of its record. An expression that has
 * any of them is evaluated over a {@link RecordRoot}, all others over the element.
 */
final class RecordOperands {

	private static final String KEY = "#key";

	private static final String TIMESTAMP = "#timestamp";

	private static final String HEADER = "#header";

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private final Scope scope;

	/** What of the record the expression has. */
	private final Set<RecordFact> facts = EnumSet.noneOf(RecordFact.class);

	RecordOperands(Scope scope, SpelNode root) {
		this.scope = scope;
		find(root);
	}

	private void find(SpelNode node) {
		RecordFact fact = fact(node);
		if (fact != null) {
			this.facts.add(fact);
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			find(node.getChild(i));
		}
	}

	private static @Nullable RecordFact fact(SpelNode node) {
		String text = ExpressionText.textOf(node);
		if (node instanceof VariableReference) {
			return switch (text) {
				case KEY -> RecordFact.KEY;
				case TIMESTAMP -> RecordFact.TIMESTAMP;
				default -> null;
			};
		}
		return (node instanceof FunctionReference && text.startsWith(HEADER + "(")) ? RecordFact.HEADERS : null;
	}

	/**
	 * What of the record the expression has.
	 */
	Set<RecordFact> facts() {
		return this.facts;
	}

	/**
	 * Return the element as an operand.
	 * @param type its type
	 */
	OfObject element(ResolvableType type) {
		return this.facts.isEmpty() ? OfObject.element(type)
				: new OfObject("the element", type, (root) -> ((RecordRoot) root).element());
	}

	/**
	 * Compile what is of the record.
	 * @param node a node of the syntax tree
	 * @param text the same as text
	 * @return the operand, {@code null} if it is of something else
	 */
	@Nullable Operand operand(SpelNode node, String text) {
		RecordFact fact = fact(node);
		if (fact == null) {
			refuseMisspelled(node, text);
			return null;
		}
		return switch (fact) {
			case KEY -> text(text, RecordFacts::key);
			case TIMESTAMP ->
				new OfObject(text, ResolvableType.forClass(Instant.class), (root) -> facts(root).timestamp());
			case HEADERS -> {
				String name = headerName(node);
				yield text(text, (known) -> known.header(name));
			}
		};
	}

	private void refuseMisspelled(SpelNode node, String text) {
		if (node instanceof VariableReference && text.equals(HEADER)) {
			throw this.scope.refuse("#header names no header", "Write #header(\"name\").");
		}
		if (node instanceof FunctionReference && (text.startsWith(KEY + "(") || text.startsWith(TIMESTAMP + "("))) {
			String fact = text.substring(0, text.indexOf('('));
			throw this.scope.refuse(fact + " takes no arguments", "Write " + fact + ".");
		}
	}

	private String headerName(SpelNode node) {
		if (node.getChildCount() == 1 && node.getChild(0) instanceof StringLiteral name) {
			return String.valueOf(name.getLiteralValue().getValue());
		}
		throw this.scope.refuse("#header takes the name of one header, written down", "Write #header(\"name\").");
	}

	/**
	 * Compile the key of the record where a field of it is asked for, so that it has to
	 * be JSON.
	 * @param node a node with steps
	 * @return the operand for its first child, {@code null} if that is something else
	 */
	@Nullable Operand keyWithFields(CompoundExpression node) {
		SpelNode first = node.getChild(0);
		SpelNode step = node.getChild(1);
		if (fact(first) != RecordFact.KEY || !(step instanceof PropertyOrFieldReference || step instanceof Indexer)) {
			return null;
		}
		return new OfObject(KEY, ResolvableType.forClass(Object.class), (root) -> json(facts(root).key()));
	}

	private static RecordFacts facts(Object root) {
		return ((RecordRoot) root).facts();
	}

	private OfObject text(String text, Function<RecordFacts, byte @Nullable []> bytes) {
		return new OfObject(text, ResolvableType.forClass(String.class),
				(root) -> decode(text, bytes.apply(facts(root))));
	}

	private @Nullable String decode(String text, byte @Nullable [] bytes) {
		if (bytes == null) {
			return null;
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			throw this.scope.invalid("'" + text + "' is no text in UTF-8");
		}
	}

	private @Nullable Object json(byte @Nullable [] bytes) {
		String text = decode(KEY, bytes);
		if (text == null) {
			return null;
		}
		try {
			return Values.read(JSON.readTree(text));
		}
		catch (JacksonException ex) {
			throw this.scope.invalid("the key of the record, " + Scope.describe(text) + ", is not JSON");
		}
	}

}
