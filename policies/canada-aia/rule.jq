# rule.jq - Canada's Algorithmic Impact Assessment (AIA), tool version 1.0.1: a record in, its
# impact level 1 to 4 with points, reasons and duties out. README.md explains it to citizens.
#
# Questions, points and requirements: github.com/canada-ca/aia-eia-js at b900dc7, MIT licence,
# Copyright (c) 2019 Government of Canada. Scoring follows its src/store.ts, calculateFinalScore.
# One of its traits is kept on purpose: the maxima hold the questions that nobody is shown. Another
# is not: its sum takes answers of questions that are not shown any more, which would lower a level
# by what nobody was asked. Here only an answer whose question is asked counts (`asked`).
#
# (Long lines: jq makes a table once only where it holds nothing to work out. What is looked up is
# quick; each step of the program and each two values compared, by "-" too, take their time.)

# The scored questions by page. "one": a single answer; "many": the points of all ticked answers
# add up. "reason" is what is said of a page that scored, "max" its highest score. The raw score:
# the tool's panels ending in -RS.
def risk_pages: [
	{"page": "businessDrivers",
		"reason": {"rule": "ca.business_drivers", "max": 5,
			"basis": "Algorithmic Impact Assessment 1.0.1, page businessDrivers"},
		"ko": ["자동화하는 까닭: 위험 점수 ", "점(최고 5점)"],
		"en": ["Reasons for automation: ", " of 5 points of risk"],
		"one": ["businessDrivers5", "businessDrivers9"],
		"many": ["businessDrivers1", "businessDrivers11"]},
	{"page": "riskProfile",
		"reason": {"rule": "ca.risk_profile", "max": 15,
			"basis": "Algorithmic Impact Assessment 1.0.1, page riskProfile"},
		"ko": ["위험 개요: 위험 점수 ", "점(최고 15점)"],
		"en": ["Risk profile: ", " of 15 points of risk"],
		"one": ["riskProfile1", "riskProfile2", "riskProfile3", "riskProfile4", "riskProfile7",
			"riskProfile8", "riskProfile9", "riskProfile10"],
		"many": []},
	{"page": "projectAuthority",
		"reason": {"rule": "ca.project_authority", "max": 2,
			"basis": "Algorithmic Impact Assessment 1.0.1, page projectAuthority"},
		"ko": ["프로젝트의 권한: 위험 점수 ", "점(최고 2점)"],
		"en": ["Project authority: ", " of 2 points of risk"],
		"one": ["projectAuthority1"],
		"many": []},
	{"page": "aboutSystem",
		"reason": {"rule": "ca.about_system", "max": 17,
			"basis": "Algorithmic Impact Assessment 1.0.1, page aboutSystem"},
		"ko": ["시스템: 위험 점수 ", "점(최고 17점)"],
		"en": ["About the system: ", " of 17 points of risk"],
		"one": ["aboutSystem3", "aboutSystem4", "aboutSystem5", "aboutSystem5B", "aboutSystem6",
			"aboutSystem7", "aboutSystem8", "aboutSystem9", "aboutSystem10A", "aboutSystem11"],
		"many": ["aboutSystem1"]},
	{"page": "aboutAlgorithm",
		"reason": {"rule": "ca.about_algorithm", "max": 15,
			"basis": "Algorithmic Impact Assessment 1.0.1, page aboutAlgorithm"},
		"ko": ["알고리즘: 위험 점수 ", "점(최고 15점)"],
		"en": ["About the algorithm: ", " of 15 points of risk"],
		"one": ["aboutAlgorithm1", "aboutAlgorithm2", "aboutAlgorithm5", "aboutAlgorithm8",
			"aboutAlgorithm8A", "aboutAlgorithm9", "aboutAlgorithm11"],
		"many": ["aboutAlgorithm3", "aboutAlgorithm4"]},
	{"page": "decisionSector",
		"reason": {"rule": "ca.decision_sector", "max": 8,
			"basis": "Algorithmic Impact Assessment 1.0.1, page decisionSector"},
		"ko": ["결정 분야: 위험 점수 ", "점(최고 8점)"],
		"en": ["About the decision: ", " of 8 points of risk"],
		"one": [],
		"many": ["decisionSector1"]},
	{"page": "impact",
		"reason": {"rule": "ca.impact", "max": 52,
			"basis": "Algorithmic Impact Assessment 1.0.1, page impact"},
		"ko": ["영향 평가: 위험 점수 ", "점(최고 52점)"],
		"en": ["Impact assessment: ", " of 52 points of risk"],
		"one": ["impact30", "impact3", "impact4A", "impact22", "impact5", "impact6", "impact7",
			"impact9", "impact24", "impact11", "impact13", "impact15", "impact18", "impact19I",
			"impact23", "impact26", "impact27", "impact28"],
		"many": []},
	{"page": "aboutData",
		"reason": {"rule": "ca.about_data", "max": 53,
			"basis": "Algorithmic Impact Assessment 1.0.1, page aboutData"},
		"ko": ["데이터: 위험 점수 ", "점(최고 53점)"],
		"en": ["About the data: ", " of 53 points of risk"],
		"one": ["aboutDataSource1", "aboutDataSource9", "aboutDataSource10", "aboutDataSource11",
			"aboutDataSource15", "aboutDataSource16", "aboutDataSource2", "aboutDataSource17",
			"aboutDataSource3", "aboutDataSource4", "aboutDataSource5", "aboutDataSource6",
			"aboutDataSource7", "aboutDataSource8", "aboutDataSourceType1",
			"aboutDataSourceType3"],
		"many": ["aboutDataSource14", "aboutDataSourceType2"]}];

# Mitigation: the panels ending in -MS, twice, of which a project answers those of its phase.
def mitigation_pages: [
	{"page": "consultationDesign", "phase": "item1",
		"reason": {"rule": "ca.consultation_design", "max": 10,
			"basis": "Algorithmic Impact Assessment 1.0.1, page consultationDesign"},
		"ko": ["협의(설계 단계): 경감 점수 ", "점(최고 10점)"],
		"en": ["Consultations (design): ", " of 10 points of mitigation"],
		"one": ["consultationDesign1", "consultationDesign3", "consultationDesign6",
			"consultationDesign7"],
		"many": ["consultationDesign2", "consultationDesign4", "consultationDesign8"]},
	{"page": "consultationImplementation", "phase": "item2",
		"reason": {"rule": "ca.consultation_implementation", "max": 10,
			"basis": "Algorithmic Impact Assessment 1.0.1, page consultationImplementation"},
		"ko": ["협의(구현 단계): 경감 점수 ", "점(최고 10점)"],
		"en": ["Consultations (implementation): ", " of 10 points of mitigation"],
		"one": ["consultationImplementation1", "consultationImplementation3",
			"consultationImplementation6", "consultationImplementation7"],
		"many": ["consultationImplementation2", "consultationImplementation4",
			"consultationImplementation8"]},
	{"page": "dataQualityDesign", "phase": "item1",
		"reason": {"rule": "ca.data_quality_design", "max": 14,
			"basis": "Algorithmic Impact Assessment 1.0.1, page dataQualityDesign"},
		"ko": ["데이터 품질(설계 단계): 경감 점수 ", "점(최고 14점)"],
		"en": ["Data quality (design): ", " of 14 points of mitigation"],
		"one": ["dataQualityDesign1", "dataQualityDesign2", "dataQualityDesign3",
			"dataQualityDesign4", "dataQualityDesign5", "dataQualityDesign7",
			"dataQualityDesign8", "dataQualityDesign9", "dataQualityDesign10"],
		"many": []},
	{"page": "dataQualityImplementation", "phase": "item2",
		"reason": {"rule": "ca.data_quality_implementation", "max": 14,
			"basis": "Algorithmic Impact Assessment 1.0.1, page dataQualityImplementation"},
		"ko": ["데이터 품질(구현 단계): 경감 점수 ", "점(최고 14점)"],
		"en": ["Data quality (implementation): ", " of 14 points of mitigation"],
		"one": ["dataQualityImplementation1", "dataQualityImplementation2",
			"dataQualityImplementation3", "dataQualityImplementation4",
			"dataQualityImplementation5", "dataQualityImplementation7",
			"dataQualityImplementation8", "dataQualityImplementation9",
			"dataQualityImplementation10"],
		"many": []},
	{"page": "fairnessDesign", "phase": "item1",
		"reason": {"rule": "ca.fairness_design", "max": 44,
			"basis": "Algorithmic Impact Assessment 1.0.1, page fairnessDesign"},
		"ko": ["절차적 공정성(설계 단계): 경감 점수 ", "점(최고 44점)"],
		"en": ["Procedural fairness (design): ", " of 44 points of mitigation"],
		"one": ["fairnessDesign1", "fairnessDesign1A", "fairnessDesign2", "fairnessDesign3",
			"fairnessDesign4", "fairnessDesign5", "fairnessDesign7", "fairnessDesign10",
			"fairnessDesign8", "fairnessDesign9", "fairnessDesign12", "fairnessDesign13",
			"fairnessDesign16", "fairnessDesign17", "fairnessDesign18", "fairnessDesign19",
			"fairnessDesign20", "fairnessDesign22", "fairnessDesign22A", "fairnessDesign23",
			"fairnessDesign24", "fairnessDesign24A"],
		"many": ["fairnessDesign21"]},
	{"page": "fairnessImplementation", "phase": "item2",
		"reason": {"rule": "ca.fairness_implementation", "max": 44,
			"basis": "Algorithmic Impact Assessment 1.0.1, page fairnessImplementation"},
		"ko": ["절차적 공정성(구현 단계): 경감 점수 ", "점(최고 44점)"],
		"en": ["Procedural fairness (implementation): ", " of 44 points of mitigation"],
		"one": ["fairnessImplementation1", "fairnessImplementation1A", "fairnessImplementation2",
			"fairnessImplementation3", "fairnessImplementation4", "fairnessImplementation5",
			"fairnessImplementation7", "fairnessImplementation10", "fairnessImplementation8",
			"fairnessImplementation9", "fairnessImplementation12", "fairnessImplementation13",
			"fairnessImplementation16", "fairnessImplementation17", "fairnessImplementation18",
			"fairnessImplementation19", "fairnessImplementation20", "fairnessImplementation22",
			"fairnessImplementation22A", "fairnessImplementation23", "fairnessImplementation24",
			"fairnessImplementation24A"],
		"many": ["fairnessImplementation21"]},
	{"page": "privacyDesign", "phase": "item1",
		"reason": {"rule": "ca.privacy_design", "max": 9,
			"basis": "Algorithmic Impact Assessment 1.0.1, page privacyDesign"},
		"ko": ["개인정보 보호(설계 단계): 경감 점수 ", "점(최고 9점)"],
		"en": ["Privacy (design): ", " of 9 points of mitigation"],
		"one": ["privacyDesign1", "privacyDesign2", "privacyDesign9", "privacyDesign3",
			"privacyDesign4", "privacyDesign7"],
		"many": []},
	{"page": "privacyImplementation", "phase": "item2",
		"reason": {"rule": "ca.privacy_implementation", "max": 9,
			"basis": "Algorithmic Impact Assessment 1.0.1, page privacyImplementation"},
		"ko": ["개인정보 보호(구현 단계): 경감 점수 ", "점(최고 9점)"],
		"en": ["Privacy (implementation): ", " of 9 points of mitigation"],
		"one": ["privacyImplementation1", "privacyImplementation2", "privacyImplementation9",
			"privacyImplementation3", "privacyImplementation4", "privacyImplementation7"],
		"many": []}];

# The single-answer risk questions that are asked only after a certain answer (visibleIf).
def asked_after: [
	{"fact": "riskProfile9", "after": "projectDetailsPhase", "is": {"item1": true}},
	{"fact": "riskProfile10", "after": "projectDetailsPhase", "is": {"item2": true}},
	{"fact": "aboutSystem5B", "after": "aboutSystem5", "is": {"item1-0": true, "item3-2": true}},
	{"fact": "aboutAlgorithm8A", "after": "aboutAlgorithm8", "is": {"item1-3": true}},
	{"fact": "impact27", "after": "impact26",
		"is": {"item1-0": true, "item2-0": true, "item3-0": true, "item4-0": true}},
	{"fact": "aboutDataSource9", "after": "aboutDataSource1", "is": {"item1-2": true}},
	{"fact": "aboutDataSource10", "after": "aboutDataSource1", "is": {"item1-2": true}},
	{"fact": "aboutDataSource11", "after": "aboutDataSource1", "is": {"item1-2": true}}];

# The same of boxes and of mitigation questions within their phase.
def boxes_and_mitigation_asked_after: [
	{"fact": "aboutDataSource14", "after": "aboutDataSource1", "is": {"item1-2": true}},
	{"fact": "aboutDataSourceType2", "after": "aboutDataSourceType1", "is": {"item1-0": true}},
	{"fact": "consultationDesign2", "after": "consultationDesign1", "is": {"item1-2": true}},
	{"fact": "consultationDesign4", "after": "consultationDesign3", "is": {"item1-2": true}},
	{"fact": "consultationImplementation2", "after": "consultationImplementation1", "is": {"item1-2": true}},
	{"fact": "consultationImplementation4", "after": "consultationImplementation3", "is": {"item1-2": true}},
	{"fact": "dataQualityDesign2", "after": "dataQualityDesign1", "is": {"item1-3": true}},
	{"fact": "dataQualityDesign4", "after": "dataQualityDesign3", "is": {"item1-1": true}},
	{"fact": "dataQualityDesign7", "after": "dataQualityDesign5", "is": {"item1-2": true}},
	{"fact": "dataQualityDesign9", "after": "dataQualityDesign8", "is": {"item1-2": true}},
	{"fact": "dataQualityImplementation2", "after": "dataQualityImplementation1", "is": {"item1-3": true}},
	{"fact": "dataQualityImplementation4", "after": "dataQualityImplementation3", "is": {"item1-1": true}},
	{"fact": "dataQualityImplementation7", "after": "dataQualityImplementation5", "is": {"item1-2": true}},
	{"fact": "dataQualityImplementation9", "after": "dataQualityImplementation8", "is": {"item1-2": true}},
	{"fact": "fairnessDesign24A", "after": "fairnessDesign24", "is": {"item1-2": true}},
	{"fact": "fairnessImplementation24A", "after": "fairnessImplementation24", "is": {"item1-2": true}}];

# The highest raw score of all pages, the highest mitigation score of one phase, and the number
# of single-answer risk questions.
def max_raw: 167;
def max_mitigation: 77;
def single_risk_questions: 62;

# The answers of the questionnaire and the points of their suffixes: looked up in a tenth of the
# time that it takes to take them apart.
def known_points: {
	"item1": 0, "item1-0": 0, "item1-1": 1, "item1-2": 2, "item1-3": 3, "item1-4": 4, "item2": 0,
	"item2-0": 0, "item2-1": 1, "item2-2": 2, "item2-4": 4, "item3": 0, "item3-0": 0,
	"item3-1": 1, "item3-2": 2, "item3-3": 3, "item3-4": 4, "item4": 0, "item4-0": 0,
	"item4-1": 1, "item4-2": 2, "item4-3": 3, "item4-4": 4, "item5": 0, "item5-0": 0,
	"item5-1": 1, "item5-3": 3, "item5-4": 4, "item6": 0, "item6-0": 0, "item6-1": 1,
	"item6-3": 3, "item7": 0, "item7-1": 1, "item7-4": 4, "item8": 0, "item8-0": 0, "item8-1": 1,
	"item9": 0, "item10": 0, "item11": 0, "item12": 0, "item13": 0, "item14": 0, "item15": 0,
	"item16": 0, "item17": 0, "item19": 0};

# What levels demand (src/plugins/en.json, "Requirements Specific to Impact Level"; the Directive's
# Appendix C), and the record's fields that show it: each as a duty that is met.
def requirements: [
	# 0, at levels I and II
	{"id": "ca.notice", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["notice_method"],
		"text": {
			"ko": "알림: 쓰고 있는 모든 서비스 창구(인터넷, 방문, 우편, 전화)에 쉬운 말로 알림을 게시합니다.",
			"en": "Notice: Plain language notice posted through all service delivery channels in use (Internet, in person, mail or telephone)."}},
	# 1, at levels III and IV
	{"id": "ca.notice", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["notice_method"],
		"text": {
			"ko": "알림: 쓰고 있는 모든 서비스 창구(인터넷, 방문, 우편, 전화)에 쉬운 말로 알림을 게시합니다. 알림에서 수준 I의 설명 의무에 따라 공개한 설명을 볼 수 있게 안내합니다.",
			"en": "Notice: Plain language notice posted through all service delivery channels in use (Internet, in person, mail or telephone). In addition, the notice must direct clients to the published explanation required under Explanation level I."}},
	# 2, at level I
	{"id": "ca.explanation", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["decision_making_process", "system_input", "source_data", "methods_and_models",
			"system_outputs", "objection_procedure"],
		"text": {
			"ko": "설명: 다른 법의 요구에 더하여, 시스템이 대체로 어떻게 작동하는지 뜻있는 설명을 쉬운 말로 공개합니다. 의사결정에서 시스템의 역할, 입력 데이터와 그 출처 및 수집 방법, 입력 데이터를 평가하는 기준과 처리 방식, 검토나 감사 결과, 결과물과 이를 행정 결정에 비추어 해석하는 데 필요한 정보, 결정의 주요 요인을 담습니다. 찾기 쉬운 기관 누리집에 두고 알고리즘 영향평가에서 연결하며, 해당하면 구제 방법도 알립니다.",
			"en": "Explanation: In addition to any applicable legal requirement, ensure that a meaningful explanation is published on how the system works in general. The explanation must be in plain language and include information about: the role of the system in the decision-making process; input data, its source and method of collection; the criteria used to evaluate input data and the operations applied to process it; results of any reviews or audits; the output produced by the automated decision system and any relevant information needed to interpret it in the context of the administrative decision; the principal factors behind a decision. This explanation must be made on a discoverable departmental website and linked in the algorithmic impact assessment. Explanations must also inform clients of relevant recourse options, where appropriate."}},
	# 3, at levels II to IV
	{"id": "ca.explanation", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["decision_making_process", "system_input", "source_data", "methods_and_models",
			"system_outputs", "human_intervention", "objection_procedure"],
		"text": {
			"ko": "설명: 수준 I의 설명을 공개합니다. 이에 더하여 급여나 서비스를 거부하거나 규제 조치를 하는 결정마다 당사자에게 더 자세하고 뜻있는 설명을 쉬운 말로 제공합니다. 결정의 이유, 시스템이 그 결과물에 이른 과정을 분명하게 밝히며, 주요 요인(해당하면 의사결정 나무, 점수, 요인별 가중치)과 담당 공무원이 결과물을 어떻게 썼는지를 담습니다. 공개한 수준 I 설명의 주소도 함께 알립니다.",
			"en": "Explanation: The explanation from level I is published. In addition, a more detailed, meaningful, plain language, explanation is provided to the client with any decision that results in the denial of a benefit or service, or involves a regulatory action. This explanation must inform the client of the reason or justification of the administrative decision. This involves a clear and client-focused description of how the automated decision system came to the output it did, including: the principal factors that led to it, such as, where appropriate, a description of the decision tree, scoring or weights of certain factors, and; how the automated decision system output was used by human officers. The client must also be provided with the link to the published level I explanation."}},
	# 4, at levels II and III
	{"id": "ca.peer_review", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["audit"],
		"text": {
			"ko": "동료 검토: 자격을 갖춘 다음 전문가 가운데 적어도 한 곳과 협의하고, 검토 전문이나 쉬운 말로 쓴 요약을 정부 누리집에 공개합니다: 연방·주·준주·기초자치단체 기관의 전문가, 고등교육기관의 교원, 관련 비정부기구의 연구자, 관련 분야를 전문으로 하는 계약 업체, 재정위원회 사무국이 정한 데이터·자동화 자문위원회.",
			"en": "Peer review: Consult at least one of the following qualified experts and publish the complete review or a plain language summary on a Government of Canada website: Experts from a federal, provincial, territorial or municipal government institution; Faculty members of a post-secondary institution; Researchers from a relevant non-governmental organization; Contracted third-party vendor with a relevant specialization; A data and automation advisory board specified by Treasury Board of Canada Secretariat."}},
	# 5, at level IV
	{"id": "ca.peer_review", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["audit"],
		"text": {
			"ko": "동료 검토: 자격을 갖춘 다음 전문가 가운데 적어도 두 곳과 협의하고, 검토 전문이나 쉬운 말로 쓴 요약을 정부 누리집에 공개합니다: 국립연구위원회, 통계청, 통신보안국 또는 공유서비스청의 전문가, 고등교육기관의 교원, 관련 비정부기구의 연구자, 관련 분야를 전문으로 하는 계약 업체, 재정위원회 사무국이 정한 데이터·자동화 자문위원회.",
			"en": "Peer review: Consult at least two of the following qualified experts and publish the complete review or a plain language summary on a Government of Canada website: Experts from the National Research Council of Canada, Statistics Canada, the Communications Security Establishment, or Shared Services Canada; Faculty members of a post-secondary institution; Researchers from a relevant non-governmental organization; Contracted third-party vendor with a relevant specialization; A data and automation advisory board specified by Treasury Board of Canada Secretariat."}},
	# 6, at levels II to IV
	{"id": "ca.gba_plus", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["affected_groups", "non_discrimination"],
		"text": {
			"ko": "젠더 기반 분석 플러스: 젠더 기반 분석 플러스(GBA Plus)에 대해 기관의 다양성·포용 전문가와 협의합니다. 자동화가 여러 인구 집단에 줄 수 있는 영향의 평가(시스템과 데이터의 영향, 최종 결정의 예상 영향. 가능하면 근거 데이터를 밝히며, 성별로 나누고 나이·장애·인종 등도 담을 것을 권함. 데이터가 없으면 빈틈을 밝힘)와, 이 분석이나 다른 평가에서 확인된 위험에 대한 현재 또는 계획한 조치를 담습니다.",
			"en": "Gender-based Analysis Plus: Ensure that the Gender-based Analysis Plus has been consulted with your department's diversity and inclusion experts and includes: An assessment of how the automation project might impact different population groups. This includes consideration of the impacts of the automated decision system and data used in the project, as well as the likely impact of the final decision. Where possible, cite the data used to assess the impacts. It is recommended that the data be gender-disaggregated and include other intersecting identity factors such as age, disability and race. If the data is unavailable, identify where the data gaps exist; Details of planned or existing measures to address risks identified through the Gender-based Analysis Plus or other assessments."}},
	# 7, at levels I and II
	{"id": "ca.training", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["required_training"],
		"text": {
			"ko": "교육: 자동화된 의사결정 시스템의 기능을 알맞게 쓰고 큰 틀에서 설명하는 방법을 역할에 맞게 교육합니다.",
			"en": "Training: Role-based training on how to appropriately use and explain the functionalities of the automated decision system, at a high level."}},
	# 8, at levels III and IV
	{"id": "ca.training", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["required_training"],
		"text": {
			"ko": "교육: 자동화된 의사결정 시스템을 알맞게 관리하고 보호하며 기능을 쓰고 능력을 설명하는 방법을 역할에 맞게 교육합니다. 시스템의 작동을 최신으로 이해하기 위한 기술적 내용, 사생활·공정성·인권에 미칠 수 있는 영향과 이를 알아내는 방법, 결정을 평가하고 필요하면 뒤집는 방법을 담습니다. 교육은 되풀이하여 합니다.",
			"en": "Training: Role-based training on how to appropriately manage, secure, and use the functionalities and explain the capabilities of the automated decision system, including: the technical aspects of the automated decision system to ensure an up-to-date understanding of the how the system works; potential impacts of the automated decision system on privacy, fairness, and human rights and how to detect them; how to evaluate and, if necessary, override decisions. Training must be recurring."}},
	# 9, at levels I and II
	{"id": "ca.human_involvement", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["human_intervention", "monitoring"],
		"text": {
			"ko": "사람의 관여: 시스템은 사람이 직접 관여하지 않아도 결정과 평가를 할 수 있습니다. 사람이 시스템의 품질 보증에 참여하며, 필요하면 시스템의 결정에 개입할 수 있습니다.",
			"en": "Ensuring human involvement: The system may make decisions and assessments without direct human involvement. Humans are to be involved in system quality assurance and can intervene in the making of decisions by the system where appropriate."}},
	# 10, at levels III and IV
	{"id": "ca.human_involvement", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["automation_level", "human_intervention", "monitoring"],
		"text": {
			"ko": "사람의 관여: 최종 결정은 사람이 해야 합니다. 의사결정 과정에 사람의 관여가 분명히 정해져 있지 않으면 결정할 수 없습니다. 사람이 시스템의 결정이나 추천이 정확하고 알맞은지 검토하고, 품질 보증에 계속 참여하며, 시스템의 결정과 평가에 개입할 수 있습니다.",
			"en": "Ensuring human involvement: The final decision must be made by a human. Decisions cannot be made without having clearly defined human involvement during the decision-making process. Humans review the decisions or recommendations made by the system for accuracy and appropriateness. Humans are to be involved in ongoing quality assurance and can intervene in the making of decisions and assessments made by the system."}},
	# 11, at levels I and II
	{"id": "ca.approval", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["senior_responsible_owner", "decision_record"],
		"text": {
			"ko": "운영 승인: 사업을 맡은 차관보(assistant deputy minister)가 승인합니다.",
			"en": "Approval for the system to operate: Assistant deputy minister responsible for the program."}},
	# 12, at level III
	{"id": "ca.approval", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["senior_responsible_owner", "decision_record"],
		"text": {
			"ko": "운영 승인: 기관장(deputy head)이 승인합니다.",
			"en": "Approval for the system to operate: Deputy Head."}},
	# 13, at level IV
	{"id": "ca.approval", "met": true, "missing": [],
		"basis": "Directive on Automated Decision-Making, Appendix C",
		"fields": ["senior_responsible_owner", "decision_record"],
		"text": {
			"ko": "운영 승인: 재정위원회(Treasury Board)가 승인합니다.",
			"en": "Approval for the system to operate: Treasury Board."}}];

# The numbers of the requirements of each level; what a level does not demand has none.
def demanded: [[0, 2, 7, 9, 11],
	[0, 3, 4, 6, 7, 9, 11],
	[1, 3, 4, 6, 8, 10, 12],
	[1, 3, 5, 6, 8, 10, 13]];

# The fields that requirements name: for readers and tests.
def evidence: [requirements[].fields[]] | unique;

# How many independent reviews each level demands.
def reviews: [0, 1, 1, 2];

# What is said of a total: after "The total of 12", and whether mitigation took 15 % off it. (The
# maxima stand in the words here and in level_reason, which is faster than to put them in.)
def level_words: [
	{"ko": "점은 영향 수준 I(영향이 거의 없음)입니다.", "en": " is level I (little to no impact)."},
	{"ko": "점은 영향 수준 II(보통의 영향)입니다.", "en": " is level II (moderate impact)."},
	{"ko": "점은 영향 수준 III(큰 영향)입니다.", "en": " is level III (high impact)."},
	{"ko": "점은 영향 수준 IV(매우 큰 영향)입니다.", "en": " is level IV (very high impact)."}];
def reduced_words: {
	"ko": "점입니다. 경감 점수가 62점 이상이므로 위험 점수에서 15%를 뺍니다. 총점 ",
	"en": " where one phase has at most 77. Mitigation of 62 or more takes 15% off the raw score. The total of "};
def unreduced_words: {
	"ko": "점입니다. 경감 점수가 62점에 이르지 않아 위험 점수에서 빼지 않습니다. 총점 ",
	"en": " where one phase has at most 77. Mitigation below 62 takes nothing off the raw score. The total of "};

# Points

# Code points of digits to the number they write; anything else has no points. A number of more
# than nine digits is no score.
def digits:
	if length < 1 or length > 9 then 0
	else reduce .[] as $code (0;
		if . != null and $code >= 48 and $code <= 57 then . * 10 + $code - 48 else null end) // 0
	end;

# The number after an answer's last hyphen: "item1-3" has 3 points, "item1" none.
def suffix_points: split("-") | if length > 1 then .[-1] | explode | digits else 0 end;

def sum(numbers): reduce numbers as $n (0; . + $n);

# A page of whatever answers: one that is no text, or not ticked in a list, is none.
def score_of_odd($facts):
	[$facts[.one[]] | strings] as $single
	| {"page": ., "answered": ($single | length), "points":
		sum(($single[], ($facts[.many[]] | arrays[] | strings)) | suffix_points)};

# Each page with its points, and how many of its single answers are given; a box ticked is an
# answer too. An answer that known_points does not have is null there, which cannot be taken away
# (but could be added), and one of another shape is no name to look up: with such an error, all
# pages are counted answer by answer. Looking first at each answer's shape would take longer than
# counting them.
def scores($facts):
	known_points as $known
	| . as $pages
	| try [.[]
			| ([$facts[.one[]]] - [null]) as $single
			| (reduce $facts[.many[]] as $ticked ($single; . + $ticked)) as $answers
			| {"page": ., "answered": ($single | length),
				"points": -(reduce $known[$answers[]] as $points (0; . - $points))}]
		catch [$pages[] | score_of_odd($facts)];

# The facts without the answers whose question is not asked. The mitigation pages of the other phase
# are left out as a whole, below.
def asked:
	. as $facts
	| reduce ((asked_after, boxes_and_mitigation_asked_after)[]
			| if $facts[.fact] == null then empty
				elif .is[$facts[.after]]? // false then empty
				else .fact end) as $hidden
		(.; .[$hidden] = null);

# The mitigation pages that a project of this phase is asked: none before it says which it is.
def mitigation_pages_asked($phase):
	if $phase == "item1" or $phase == "item2"
	then [mitigation_pages[] | if .phase == $phase then . else empty end] else [] end;

# How many single-answer risk questions are asked and have no answer: each counts 0 points, so
# a low total may be an unfinished one.
def unanswered($facts; $answered):
	asked_after as $conditional
	| [$conditional[] | if .is[$facts[.after]]? // false then . else empty end] as $counted
	| single_risk_questions - $answered - ($conditional | length) + ($counted | length);

# 15 % off from 80 % of a phase's mitigation on (61.6 of 77), rounded half up, as Math.round
# does: floor(0.85 raw + 0.5) in integers.
def is_reduced($mitigation): 5 * $mitigation >= 4 * max_mitigation;
def total($raw; $mitigation):
	if is_reduced($mitigation) then (17 * $raw + 10) as $n | ($n - $n % 20) / 20 else $raw end;

# Up to 25, 50 and 75 % of the highest raw score: 41, 83 and 125 points.
def level($total):
	if 4 * $total <= max_raw then 1
	elif 4 * $total <= 2 * max_raw then 2
	elif 4 * $total <= 3 * max_raw then 3
	else 4 end;

# Reasons

def level_reason($level; $raw; $mitigation; $total; $unanswered):
	level_words[$level - 1] as $name
	| (if is_reduced($mitigation) then reduced_words else unreduced_words end) as $reduction
	| ($raw | tostring) as $r | ($mitigation | tostring) as $m | ($total | tostring) as $t
	| {"rule": "ca.level", $level, "basis": "Directive on Automated Decision-Making, Appendix B",
		"text": {
			"ko": ("위험 점수는 167점 가운데 " + $r + "점, 경감 점수는 한 단계의 최고점 77점에 대해 " + $m
				+ $reduction.ko + $t + $name.ko
				+ (if $unanswered > 0 then " 하나를 고르는 위험 질문 \($unanswered)개에 답이 없으며, 답이 없으면 0점입니다." else "" end)),
			"en": ("The raw score is " + $r + " of 167, the mitigation score " + $m
				+ $reduction.en + $t + $name.en
				+ (if $unanswered > 0 then " Risk questions with a single answer that are not answered: \($unanswered); each counts 0." else "" end))}};

# Of a page and its points.
def page_reason($level):
	.points as $points
	| ($points | tostring) as $written
	| .page
	| .reason + {$level, $points,
		"text": {"ko": (.ko[0] + $written + .ko[1]), "en": (.en[0] + $written + .en[1])}};

# Duties

# A text that is there in Korean is the common case: no need to look at its other languages.
def is_filled:
	if . == null then false
	elif type == "object" then if .ko > "" then true else [.[]] - [null, ""] != [] end
	else . != "" and . != [] end;

# The standard asks for a reviewer named "none" where there is no review yet. (Only a word of four
# letters can be "None": others are not worth the time that jq takes to write them small.)
def is_review:
	type == "object"
	and ([.auditor | if type == "object" then .[] else . end | strings
			| if length == 4 then ascii_downcase else . end] - [""]
		| . != [] and . - ["none", "없음"] == .);
def has_reviews($level):
	if type == "array" then [.[] | select(is_review)] | length >= reviews[$level - 1] else false end;

# Levels III and IV: the final decision is a person's.
def is_decided_by_person: . == "human_decides" or . == "human_reviews";

# The record without what does not show what level II or a higher one demands: too few reviews,
# and decisions that no person makes.
def evidence_for($level):
	if .audit == null then . elif .audit | has_reviews($level) then . else .audit = null end
	| if $level == 2 then .
		elif .automation_level | is_decided_by_person then .
		else .automation_level = null end;

def withheld:
	if (.withheld | type) == "array" then [.withheld[] | objects | .field | strings] else [] end;

def duties($level):
	withheld as $withheld
	| (if $level == 1 then . else evidence_for($level) end) as $record
	| [requirements[demanded[$level - 1][]]
		| ([.fields[] as $field | if $record[$field] | is_filled then empty else $field end]
			- $withheld) as $missing
		| if $missing == [] then . else . + {"met": false, $missing} end];

# The result

def member($name): if type == "object" then .[$name] else null end;

def unassessed: {"level": null, "reasons": [{"rule": "ca.unassessed", "level": null, "basis": "-",
	"text": {"ko": "알고리즘 영향평가의 질문에 아직 답하지 않았습니다.",
		"en": "The questions of the Algorithmic Impact Assessment have not been answered yet."}}],
	"duties": []};

def assessed($answers):
	($answers | asked) as $facts
	| (risk_pages | scores($facts)) as $risks
	| (mitigation_pages_asked($facts.projectDetailsPhase) | scores($facts)
		| [.[] | if .points == 0 then empty else . end]) as $mitigations
	| sum($risks[].points) as $raw
	| sum($mitigations[].points) as $mitigation
	| total($raw; $mitigation) as $total
	| level($total) as $level
	| unanswered($facts; sum($risks[].answered)) as $unanswered
	| {$level, "reasons": [
			level_reason($level; $raw; $mitigation; $total; $unanswered),
			(($risks[], $mitigations[]) | if .points == 0 then empty else page_reason($level) end)],
		"duties": duties($level), $raw, $mitigation, $total, $unanswered,
		"max_raw": max_raw, "max_mitigation_per_phase": max_mitigation,
		"questionnaire": "AIA 1.0.1"};

(member("assessments") | member("canada-aia")) as $facts
| if ($facts | type) == "object" then if type == "object" then assessed($facts) else unassessed end
	else unassessed end
