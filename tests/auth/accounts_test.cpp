// Accounts: who has which address, what a proof does, what an administrator may say.

#include <gtest/gtest.h>

#include "auth/account_world.hpp"

namespace otpd::auth {
namespace {

using namespace test;
using namespace std::chrono_literals;

class Accounts : public testing::Test, protected account_world {
 protected:
  // Whom the address leads to; empty: nobody.
  std::string id_at(std::string_view address) {
    const auto found = find(address);
    return found ? found->id : std::string();
  }
};

TEST_F(Accounts, AreMadeByAProof) {
  const auto made = prove(phone);
  ASSERT_EQ(word(made), "ok");
  EXPECT_EQ(made->realm, "r");
  EXPECT_EQ(made->phone, phone);
  EXPECT_TRUE(made->phone_verified);
  EXPECT_EQ(made->email, "");
  EXPECT_FALSE(made->email_verified);
  EXPECT_EQ(made->created, now());
  EXPECT_EQ(made->tokens_from, now());
  EXPECT_EQ(find(phone), *made);
  EXPECT_EQ(find_id(made->id), *made);
  pass(1h);
  EXPECT_EQ(*prove(phone), *made) << "a second proof changes nothing";
}

TEST_F(Accounts, AreNotMadeWhereOnlyTheRegisteredAreMeant) {
  EXPECT_EQ(word(prove(phone, false)), "no_account");
  EXPECT_EQ(find(phone), std::nullopt);
  EXPECT_EQ(store.records(), 0u);
  ASSERT_EQ(word(put(entry(phone))), "ok");
  const auto proven = prove(phone, false);
  ASSERT_EQ(word(proven), "ok");
  EXPECT_TRUE(proven->phone_verified);
}

TEST_F(Accounts, OfOneRealmKnowNothingOfAnother) {
  ASSERT_EQ(word(prove(phone)), "ok");
  EXPECT_EQ(find(phone, "q"), std::nullopt);
  const otp::recipient same = who(phone);
  const auto other = run(tested.prove({"q", same}));
  ASSERT_EQ(word(other), "ok");
  EXPECT_NE(other->id, id_at(phone));
}

TEST_F(Accounts, KeepTheirIdForAsLongAsTheyAreRegistered) {
  const std::string id = prove(phone)->id;
  EXPECT_EQ(id.size(), 36u);
  EXPECT_EQ(put(entry(phone, email))->id, id);
  EXPECT_EQ(prove(email)->id, id);
  EXPECT_EQ(account_world{}.prove(phone)->id, id) << "it is of the keys, not of the moment";
}

TEST_F(Accounts, AreFoundByEachAddressInAnySpelling) {
  const auto made = put(entry(phone, email));
  ASSERT_EQ(word(made), "ok");
  EXPECT_EQ(id_at(phone), made->id);
  EXPECT_EQ(id_at(email), made->id);
  EXPECT_EQ(id_at("jo+SHOP@Example.COM"), made->id);
  EXPECT_EQ(id_at("jo@example.com"), "") << "the tag makes another address";
  EXPECT_EQ(word(put(entry(phone, "JO+shop@example.com"))), "ok") << "the same one";
}

TEST_F(Accounts, MarkTheAddressThatWasProvenAndNoOther) {
  ASSERT_EQ(word(put(entry(phone, email))), "ok");
  const auto by_mail = prove(email);
  EXPECT_TRUE(by_mail->email_verified);
  EXPECT_FALSE(by_mail->phone_verified);
  EXPECT_TRUE(prove(phone)->phone_verified);
  EXPECT_TRUE(find(phone)->email_verified);
}

TEST_F(Accounts, TakeAPasswordWithTheProofAndEndWhatBeganBefore) {
  const auto made = prove(phone);
  pass(1h);
  const auto changed = prove(phone, true, "$argon2id$…");
  EXPECT_EQ(changed->password_hash, "$argon2id$…");
  EXPECT_EQ(changed->tokens_from, now());
  EXPECT_EQ(changed->created, made->created);
  pass(1h);
  const auto again = prove(phone);
  EXPECT_EQ(again->password_hash, "$argon2id$…");
  EXPECT_EQ(again->tokens_from, changed->tokens_from);
}

TEST_F(Accounts, ThatAreDisabledProveNothingAndTheirTokensAreDead) {
  const auto made = prove(phone);
  pass(1h);
  account_entry off = entry(phone);
  off.disabled = true;
  const auto disabled = put(off);
  EXPECT_TRUE(disabled->disabled);
  EXPECT_GT(disabled->tokens_from, now());
  EXPECT_EQ(word(prove(phone, true, "x")), "account_disabled");
  EXPECT_EQ(find(phone)->password_hash, "");
  pass(1h);
  off.disabled = false;
  const auto enabled = put(off);
  EXPECT_FALSE(enabled->disabled);
  EXPECT_GT(enabled->tokens_from, made->tokens_from) << "what began before the block stays dead";
  EXPECT_EQ(word(prove(phone)), "ok");
}

TEST_F(Accounts, AreChangedInWhatTheEntrySaysAlone) {
  account_entry first = entry(phone);
  first.phone_verified = true;
  ASSERT_EQ(word(put(first)), "ok");
  account_entry second = entry(phone, email);
  second.email_verified = false;
  const auto changed = put(second);
  EXPECT_TRUE(changed->phone_verified);
  EXPECT_EQ(changed->email, email);
  EXPECT_FALSE(changed->disabled);
  EXPECT_EQ(*put(entry(email)), *changed) << "by its second address, and nothing said";
}

TEST_F(Accounts, GiveNoAddressToTwo) {
  const std::string first = put(entry(phone, email))->id;
  const std::string second = put(entry(other_phone))->id;
  EXPECT_EQ(word(put(entry(other_phone, email))), "address_taken");
  EXPECT_EQ(word(put(entry(phone, other_email))), "address_taken") << "it has another one of that kind";
  EXPECT_EQ(word(put(entry(other_phone, email))), "address_taken");
  EXPECT_EQ(id_at(email), first);
  EXPECT_EQ(id_at(other_email), "");
  EXPECT_EQ(find(other_phone)->email, "");
  ASSERT_EQ(word(prove(other_email)), "ok");
  EXPECT_EQ(word(put(entry(other_phone, other_email))), "address_taken") << "both are first addresses";
  EXPECT_EQ(id_at(other_phone), second);
}

TEST_F(Accounts, TakeAFurtherAddressWhicheverCameFirst) {
  const std::string id = prove(email)->id;
  EXPECT_EQ(put(entry(phone, email))->id, id);
  EXPECT_EQ(id_at(phone), id);
  EXPECT_EQ(prove(phone)->id, id);
}

TEST_F(Accounts, AreForgottenByAnyAddressWithAllOfThem) {
  for (const std::string& by : {phone, email}) {
    const std::string id = put(entry(phone, email))->id;
    EXPECT_TRUE(remove(by));
    EXPECT_EQ(find(phone), std::nullopt);
    EXPECT_EQ(find(email), std::nullopt);
    EXPECT_EQ(find_id(id), std::nullopt);
    EXPECT_EQ(store.records(), 0u);
    EXPECT_FALSE(remove(phone));
  }
}

TEST_F(Accounts, ThatComeBackHaveNothingOfTheOldOnes) {
  const auto before = prove(phone, true, "hash");
  EXPECT_TRUE(remove(phone));
  pass(1h);
  const auto after = prove(phone);
  EXPECT_EQ(after->password_hash, "");
  EXPECT_EQ(after->tokens_from, now()) << "tokens of the one before are dead";
  EXPECT_EQ(after->id, before->id);
}

TEST_F(Accounts, AreLedToByNoOtherText) {
  const std::string id = put(entry(phone, email))->id;
  std::string upper = id;
  for (char& c : upper)
    c = static_cast<char>(std::toupper(c));
  for (const std::string& bad : {std::string(), id.substr(1), id + "0", upper,
                                 std::string("00000000-0000-0000-0000-000000000000"), std::string(36, '-')}) {
    EXPECT_EQ(find_id(bad), std::nullopt) << bad;
  }
  for (std::size_t i = 0; i < id.size(); ++i) {
    std::string other = id;
    other[i] = other[i] == '0' ? '1' : '0';
    EXPECT_EQ(find_id(other), std::nullopt) << other;
  }
}

// RELIABILITY: a stolen store names nobody.
TEST_F(Accounts, StandInTheStoreAsNobody) {
  ASSERT_EQ(word(put(entry(phone, email))), "ok");
  ASSERT_EQ(word(prove(phone, true, "$argon2id$secret")), "ok");
  const std::string all = store.contents();
  for (const std::string_view word : {"4155552671", "shop", "example", "argon2id"})
    EXPECT_EQ(all.find(word), std::string::npos) << word;
}

}  // namespace
}  // namespace otpd::auth
