package io.yuntai.ledger.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.TestHomes;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.NewOrganisation;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.ledger.threads.ChatMessage.AnswerFacts;
import io.yuntai.ledger.threads.ChatThread.ThreadSettings;
import io.yuntai.ledger.threads.Messages.Begun;
import io.yuntai.ledger.threads.Messages.Wanted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads, their trees and their search, in a real database. */
class ThreadsTest {
  private static final Actor ACTOR = new Actor("operator", "local");
  private static final List<Wanted> ONE = List.of(new Wanted("m", "{\"seed\":1}"));
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @TempDir static Path folder;
  private static Database database;
  private static Transactions transactions;
  private static Threads threads;
  private static Messages messages;
  private static MessageTree tree;
  private static Attachments attachments;
  private static ThreadOwner ann;
  private static ThreadOwner bob;
  private static ThreadOwner stranger;

  @BeforeAll
  static void open() throws Exception {
    database = Database.open(DatabaseOptions.embedded(TestHomes.prepared(folder)));
    transactions = new Transactions(database.dataSource());
    threads = new Threads(transactions);
    messages = new Messages(transactions);
    tree = new MessageTree(transactions);
    attachments = new Attachments(transactions);
    Tenancy tenancy = new Tenancy(transactions);
    Organisation acme = organisation(tenancy);
    ann = person(tenancy, acme);
    bob = person(tenancy, acme);
    stranger = person(tenancy, organisation(tenancy));
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static Organisation organisation(Tenancy tenancy) {
    return tenancy
        .organisations()
        .create(
            ACTOR,
            new NewOrganisation(
                "chat-" + NUMBERS.incrementAndGet(), "T", "CNY", Billing.POSTPAID, "UTC"));
  }

  private static ThreadOwner person(Tenancy tenancy, Organisation org) {
    String email = "p%d@example.org".formatted(NUMBERS.incrementAndGet());
    return new ThreadOwner(
        org.id(), tenancy.members().add(ACTOR, org, email, "", Role.DEVELOPER).userId());
  }

  private static ChatThread thread(ThreadOwner owner) {
    return threads.create(owner, "", ThreadSettings.NONE);
  }

  private static ChatMessage say(ChatThread thread, long parent, String question, String answer) {
    Begun begun = messages.ask(ann, thread.id(), parent, question, List.of(), ONE);
    return answered(thread, begun.answers().getFirst(), answer);
  }

  private static ChatMessage answered(ChatThread thread, ChatMessage answer, String text) {
    messages.end(
        ann,
        answer.id(),
        new MessageEnd(
            text,
            "",
            MessageState.COMPLETE,
            "",
            "",
            new AnswerFacts(
                "m",
                "{}",
                7,
                3,
                5,
                1200,
                "CNY",
                Optional.of(new UUID(1, 2)),
                20,
                40,
                OptionalLong.of(1500))));
    return tree.find(ann, thread.id(), answer.id());
  }

  private static List<String> texts(MessageWindow window) {
    return window.messages().stream().map(ChatMessage::text).toList();
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class,
            refusal -> assertThat(refusal.sentence()).matches("(?s).{10,300}[.]"));
  }

  @Test
  void keepsWhatWasSaidAsItWas() {
    ThreadSettings settings = new ThreadSettings("Be brief.", List.of("m", "n"), "{\"top_p\":0.5}");
    ChatThread made = threads.create(ann, "Über 云", settings);
    assertThat(threads.find(ann, made.id())).isEqualTo(made);
    ChatMessage answer = say(made, 0, "hi\u0000there", "**yes**");

    assertThat(answer.state()).isEqualTo(MessageState.COMPLETE);
    assertThat(answer.facts().requestId()).contains(new UUID(1, 2));
    assertThat(answer.facts().priceNanos()).isEqualTo(1200);
    ChatThread now = threads.find(ann, made.id());
    assertThat(now.leafId()).isEqualTo(answer.id());
    assertThat(texts(tree.window(ann, made.id(), now.leafId(), 10)))
        .containsExactly("hi\uFFFDthere", "**yes**");
    threads.rename(ann, made.id(), "Other");
    threads.change(ann, made.id(), ThreadSettings.NONE);
    assertThat(threads.find(ann, made.id()).title()).isEqualTo("Other");
    assertThat(threads.find(ann, made.id()).settings()).isEqualTo(ThreadSettings.NONE);
  }

  @Test
  void isNobodyElses() {
    ChatThread mine = thread(ann);
    ChatMessage answer = say(mine, 0, "secretword", "ok");
    for (ThreadOwner other : List.of(bob, stranger)) {
      refused(() -> threads.find(other, mine.id()));
      refused(() -> threads.rename(other, mine.id(), "x"));
      refused(() -> threads.delete(other, mine.id()));
      refused(() -> tree.window(other, mine.id(), answer.id(), 10));
      refused(() -> tree.choose(other, mine.id(), answer.id()));
      refused(() -> tree.all(other, mine.id(), 0, 10));
      refused(() -> messages.ask(other, mine.id(), 0, "x", List.of(), ONE));
      refused(() -> messages.resume(other, mine.id(), answer.id()));
      assertThat(tree.search(other, "secretword", Long.MAX_VALUE, 10)).isEmpty();
    }
    ChatThread theirs = thread(bob);
    refused(() -> messages.ask(bob, theirs.id(), answer.id(), "x", List.of(), ONE));
    long seen =
        transactions.runFor(
            stranger.orgId(),
            connection ->
                Rows.first(connection, "select count(*) from chat_message", row -> row.getLong(1))
                    .orElseThrow());
    assertThat(seen).isZero();
  }

  @Test
  void editingAndAskingAgainMakeBranches() {
    ChatThread thread = thread(ann);
    ChatMessage first = say(thread, 0, "a", "A");
    ChatMessage second = say(thread, first.id(), "b", "B");
    long questionB = second.parentId();
    ChatMessage edited = say(thread, first.id(), "b2", "B2");
    ChatMessage again =
        answered(
            thread,
            messages.askAgain(ann, thread.id(), questionB, ONE).answers().getFirst(),
            "B again");

    MessageWindow window = tree.window(ann, thread.id(), again.id(), 10);
    assertThat(texts(window)).containsExactly("a", "A", "b", "B again");
    assertThat(window.branches().get(again.id())).containsExactly(second.id(), again.id());
    assertThat(window.branches().get(questionB)).containsExactly(questionB, edited.parentId());
    assertThat(threads.find(ann, thread.id()).leafId()).isEqualTo(again.id());

    assertThat(tree.choose(ann, thread.id(), edited.parentId())).isEqualTo(edited.id());
    assertThat(threads.find(ann, thread.id()).leafId()).isEqualTo(edited.id());
    assertThat(tree.choose(ann, thread.id(), first.parentId()))
        .as("down to what was said last")
        .isEqualTo(edited.id());
    refused(() -> messages.ask(ann, thread.id(), questionB, "x", List.of(), ONE));
    refused(() -> messages.askAgain(ann, thread.id(), first.id(), ONE));
  }

  @Test
  void twoModelsSideBySideAreOneBranch() {
    ChatThread thread = thread(ann);
    Begun begun =
        messages.ask(
            ann,
            thread.id(),
            0,
            "q",
            List.of(),
            List.of(new Wanted("left", "{}"), new Wanted("right", "{}")));
    ChatMessage left = begun.answers().getFirst();
    ChatMessage right = begun.answers().getLast();
    assertThat(left.twinId()).isEqualTo(right.id());
    answered(thread, left, "L");
    answered(thread, right, "R");
    ChatMessage further = say(thread, right.id(), "go on", "yes");

    MessageWindow window = tree.window(ann, thread.id(), further.id(), 10);
    assertThat(texts(window)).containsExactly("q", "R", "go on", "yes");
    assertThat(window.twins())
        .hasEntrySatisfying(right.id(), twin -> assertThat(twin.text()).isEqualTo("L"));
    assertThat(window.branches().get(right.id())).containsExactly(left.id());
  }

  @Test
  void anAnswerGrowsUntilItEndsAndMayGoOn() {
    ChatThread thread = thread(ann);
    ChatMessage answer =
        messages.ask(ann, thread.id(), 0, "q", List.of(), ONE).answers().getFirst();
    messages.progress(ann, answer.id(), "so far", "hm");
    assertThat(tree.find(ann, thread.id(), answer.id()).text()).isEqualTo("so far");
    refused(() -> messages.resume(ann, thread.id(), answer.id()));
    assertThat(messages.interruptSilent(Duration.ofHours(1))).isZero();
    assertThat(messages.interruptSilent(Duration.ZERO)).isGreaterThanOrEqualTo(1);

    ChatMessage broken = tree.find(ann, thread.id(), answer.id());
    assertThat(broken.state()).isEqualTo(MessageState.INTERRUPTED);
    assertThat(broken.text()).isEqualTo("so far");
    assertThat(broken.thoughts()).isEqualTo("hm");
    messages.progress(ann, answer.id(), "too late", "");
    assertThat(tree.find(ann, thread.id(), answer.id()).text()).isEqualTo("so far");
    assertThat(messages.resume(ann, thread.id(), answer.id()).state())
        .isEqualTo(MessageState.RUNNING);
    answered(thread, broken, "so far and on");
    assertThat(tree.find(ann, thread.id(), answer.id()).text()).isEqualTo("so far and on");
  }

  @Test
  void longThreadsComeInWindows() {
    ChatThread thread = thread(ann);
    List<String> said = new ArrayList<>();
    long parent = 0;
    for (int i = 0; i < 60; i++) {
      parent = say(thread, parent, "q" + i, "a" + i).id();
      said.add("q" + i);
      said.add("a" + i);
    }
    List<String> read = new ArrayList<>();
    long from = parent;
    while (from != 0) {
      MessageWindow window = tree.window(ann, thread.id(), from, 17);
      read.addAll(0, texts(window));
      from = window.before();
    }
    assertThat(read).isEqualTo(said);
    assertThat(tree.all(ann, thread.id(), 0, 2000)).hasSize(120);
  }

  @Test
  void findsWordsByTheirBeginningsAndChineseByItsCharacters() {
    ChatThread thread = thread(ann);
    ChatMessage english = say(thread, 0, "How do Connections work?", "x");
    ChatMessage chinese = say(thread, english.id(), "今天北京的天气怎么样？", "晴天。");
    assertThat(found("connec")).containsExactly(english.parentId());
    assertThat(found("WORK how")).containsExactly(english.parentId());
    assertThat(found("天气")).containsExactly(chinese.parentId());
    assertThat(found("北京的天气")).containsExactly(chinese.parentId());
    assertThat(found("晴")).containsExactly(chinese.id());
    assertThat(found("样")).containsExactly(chinese.parentId());
    assertThat(found("气天")).isEmpty();
    assertThat(found("' | \\ :* & !")).isEmpty();
    assertThat(tree.search(ann, "天气", Long.MAX_VALUE, 10).getFirst().excerpt()).contains("天气");
    assertThat(tree.search(ann, "connec", english.parentId(), 10)).isEmpty();
    threads.rename(ann, thread.id(), "Wetter 100%_");
    assertThat(threads.titled(ann, "0%_", 5)).extracting(ChatThread::id).contains(thread.id());
    assertThat(threads.titled(ann, "0_%", 5)).isEmpty();
  }

  private static List<Long> found(String question) {
    return tree.search(ann, question, Long.MAX_VALUE, 10).stream()
        .map(FoundMessage::messageId)
        .toList();
  }

  @Test
  void listsWhatWasUsedLastFirstAndPutsAwayWhatIsArchived() {
    ThreadOwner owner = bob;
    List<UUID> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.addFirst(thread(owner).id());
    }
    threads.archive(owner, made.get(2), true);
    UUID archived = made.remove(2);
    List<UUID> listed = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<ChatThread> page = threads.list(owner, false, new PageRequest(cursor, 2));
      page.items().forEach(thread -> listed.add(thread.id()));
      cursor = page.next();
    } while (cursor.isPresent());
    assertThat(listed).containsSubsequence(made);
    assertThat(threads.list(owner, true, PageRequest.first(10)).items())
        .extracting(ChatThread::id)
        .containsExactly(archived);
    refused(() -> threads.list(owner, false, new PageRequest(Optional.of("12_x"), 2)));
  }

  @Test
  void filesStandInTheOrderInWhichTheyWereSentAlong() {
    ChatThread thread = thread(ann);
    List<UUID> added = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      added.add(attachments.add(ann, i + ".txt", "text", 0, "content " + i).id());
    }
    List<UUID> sent = List.of(added.get(3), added.get(0), added.get(5), added.get(1));
    Begun begun = messages.ask(ann, thread.id(), 0, "q", sent, ONE);
    assertThat(namesOfFiles(begun)).containsExactly("3.txt", "0.txt", "5.txt", "1.txt");
    Begun edited = messages.ask(ann, thread.id(), 0, "p", sent.reversed(), ONE);
    assertThat(namesOfFiles(edited)).containsExactly("1.txt", "5.txt", "0.txt", "3.txt");
  }

  private static List<String> namesOfFiles(Begun begun) {
    return attachments.of(ann, List.of(begun.question())).values().stream()
        .flatMap(List::stream)
        .map(Attachment::name)
        .toList();
  }

  @Test
  void aThreadIsDeletedWithAllThatIsInIt() {
    ChatThread thread = thread(ann);
    Attachment file = attachments.add(ann, "a.txt", "text", 0, "content");
    Begun begun =
        messages.ask(
            ann,
            thread.id(),
            0,
            "q",
            List.of(file.id()),
            List.of(new Wanted("l", "{}"), new Wanted("r", "{}")));
    assertThat(attachments.of(ann, List.of(begun.question())).get(begun.question().id()))
        .extracting(Attachment::content)
        .containsExactly("content");
    Begun edited = messages.ask(ann, thread.id(), 0, "p", List.of(file.id()), ONE);
    assertThat(attachments.of(ann, List.of(edited.question())).get(edited.question().id()))
        .as("the files of a question go along with its other words")
        .extracting(Attachment::content)
        .containsExactly("content");
    refused(() -> messages.ask(ann, thread(ann).id(), 0, "q", List.of(file.id()), ONE));
    Attachment other = attachments.add(bob, "b.txt", "text", 0, "bob's");
    refused(() -> messages.ask(ann, thread.id(), 0, "q", List.of(other.id()), ONE));
    attachments.remove(ann, other.id());
    attachments.remove(bob, other.id());
    refused(() -> messages.ask(bob, thread(bob).id(), 0, "q", List.of(other.id()), ONE));

    threads.delete(ann, thread.id());
    refused(() -> threads.find(ann, thread.id()));
    messages.progress(ann, begun.answers().getFirst().id(), "too late", "");
    assertThat(attachments.of(ann, List.of(begun.question()))).isEmpty();
  }
}
