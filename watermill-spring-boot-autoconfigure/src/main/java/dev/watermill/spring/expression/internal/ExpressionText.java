package dev.watermill.spring.expression.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationException;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * The text of an expression and what SpEL's parser makes of it.
 * <p>
 * The parser refuses whole numbers beyond 32 bits that carry no {@code L}, and
 * {@code -9223372036854775808} in every spelling. Those numbers are handed to it as
 * references to variables, {@code #_3000000000}, whose names are the numbers.
 */
final class ExpressionText {

	private static final String MARK = "#_";

	// Text and names are matched so that digits within them are not taken for numbers
	private static final Pattern TOKEN = Pattern.compile(
			"'[^']*+'|\"[^\"]*+\"|[\\p{L}_$][\\p{L}_$0-9]*+" + "|(?<hex>0[xX](?<digits>[0-9a-fA-F]++))(?<hexlong>[lL])?"
					+ "|[0-9]++(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++[fFdD]?|[fFdD])|[0-9]++\\.[0-9]++"
					+ "|(?<decimal>[0-9]++)(?<long>[lL])?");

	private final Scope scope;

	private final String parsable;

	private final List<Integer> marks;

	private ExpressionText(Scope scope, String parsable, List<Integer> marks) {
		this.scope = scope;
		this.parsable = parsable;
		this.marks = marks;
	}

	static ExpressionText parse(Scope scope) {
		List<Integer> marks = new ArrayList<>();
		StringBuilder parsable = new StringBuilder();
		Matcher matcher = TOKEN.matcher(scope.expression());
		while (matcher.find()) {
			boolean beyond = isBeyondParser(matcher, scope);
			matcher.appendReplacement(parsable, "");
			if (beyond) {
				marks.add(parsable.length());
				parsable.append(MARK);
			}
			parsable.append(matcher.group());
		}
		matcher.appendTail(parsable);
		return new ExpressionText(scope, parsable.toString(), marks);
	}

	private static boolean isBeyondParser(Matcher token, Scope scope) {
		BigInteger value = valueOf(token);
		if (value == null) {
			return false;
		}
		// The magnitude of Long.MIN_VALUE is right behind a minus sign: the compiler
		// looks
		if (value.bitLength() >= Long.SIZE && !value.equals(BigInteger.ONE.shiftLeft(Long.SIZE - 1))) {
			throw scope.refuse("the number " + token.group() + " at position " + (token.start() + 1)
					+ " does not fit into 64 bits", "Whole numbers have 64 bits in key expressions.");
		}
		boolean marked = token.group("long") != null || token.group("hexlong") != null;
		return value.bitLength() >= ((marked) ? Long.SIZE : Integer.SIZE);
	}

	private static @Nullable BigInteger valueOf(Matcher token) {
		if (token.group("hex") != null) {
			return new BigInteger(token.group("digits"), 16);
		}
		return (token.group("decimal") != null) ? new BigInteger(token.group("decimal")) : null;
	}

	/**
	 * Parse the text.
	 * @return the root of the syntax tree
	 */
	SpelNode parse() {
		if (this.scope.expression().isBlank()) {
			throw this.scope.refuse("it is empty", "Write a field of the element, for example.");
		}
		try {
			return ((SpelExpression) new SpelExpressionParser().parseExpression(this.parsable)).getAST();
		}
		catch (ParseException ex) {
			throw syntaxError("at position " + (original(ex.getPosition()) + 1) + ": " + ex.getSimpleMessage());
		}
		catch (EvaluationException ex) {
			throw syntaxError(String.valueOf(ex.getMessage()));
		}
		catch (IllegalArgumentException | IllegalStateException | NullPointerException ex) {
			// What the parser throws for an operand or an argument that is left out
			throw syntaxError("an operand is missing");
		}
	}

	private ExpressionException syntaxError(String message) {
		return this.scope.refuse("syntax error, " + message.replace(MARK, ""),
				"Correct it; key expressions are written in the Spring Expression Language.");
	}

	private int original(int position) {
		return position - MARK.length() * (int) this.marks.stream().filter((mark) -> mark < position).count();
	}

	/**
	 * Return the whole number that a node stands for, if it is one of those that the
	 * parser would have refused.
	 * @param node a node of the syntax tree
	 * @return the number or {@code null}
	 */
	@Nullable BigInteger wholeNumber(SpelNode node) {
		if (node instanceof VariableReference && this.marks.contains(node.getStartPosition())) {
			Matcher token = TOKEN.matcher(textOf(node));
			return (token.lookingAt()) ? valueOf(token) : null;
		}
		return null;
	}

	static String textOf(SpelNode node) {
		return node.toStringAST().replace(MARK, "");
	}

}
